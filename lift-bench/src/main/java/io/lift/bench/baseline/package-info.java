/**
 * Classical methods as they are fairly used: standardised and one-hot features, the settings chosen
 * on validation rows from a small grid. XGBoost is its own library, the network DJL's, the others
 * are Tribuo's.
 */
package io.lift.bench.baseline;
