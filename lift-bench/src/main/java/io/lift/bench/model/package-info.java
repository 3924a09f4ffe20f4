/** Speed and memory of the language model beside Python's PyTorch. */
package io.lift.bench.model;
