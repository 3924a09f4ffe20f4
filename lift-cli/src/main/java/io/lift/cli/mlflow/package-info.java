/** Checkpoints as model folders of MLflow. */
package io.lift.cli.mlflow;
