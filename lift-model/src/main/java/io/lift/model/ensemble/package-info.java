/** Many small models of one task: how each reads its rows, which it sees, how they answer. */
package io.lift.model.ensemble;
