/** What the live page shows: the newest state of every task, in bounded memory. */
package io.lift.page.live;
