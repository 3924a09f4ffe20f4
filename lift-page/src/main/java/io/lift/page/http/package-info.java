/** The page's endpoints under {@code /api}; see docs/page-api.md. */
package io.lift.page.http;
