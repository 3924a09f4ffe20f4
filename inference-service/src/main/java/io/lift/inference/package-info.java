/** How the service is put together, started and stopped, and whether it is ready and alive. */
package io.lift.inference;
