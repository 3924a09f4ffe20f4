/** How a service ends when it cannot work. */
package io.lift.service.lifecycle;
