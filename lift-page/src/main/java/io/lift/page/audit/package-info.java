/** Who does what through the page's interface, on {@code lift.events}. */
package io.lift.page.audit;
