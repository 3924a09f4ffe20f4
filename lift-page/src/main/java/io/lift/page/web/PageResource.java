package io.lift.page.web;

import io.lift.page.web.PageAssets.Asset;
import io.quarkus.runtime.util.ClassPathUtils;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** Serves the live page and its files. */
@PagePath
@Path("/")
@Singleton
public class PageResource {
  private static final String REVALIDATE = "no-cache";
  private static final String IMMUTABLE = "public, max-age=31536000, immutable";

  private final PageAssets assets = read();

  /** The page: a browser revalidates it each time, since it names the files of its build. */
  @GET
  public Response index() {
    return send(assets.index(), REVALIDATE);
  }

  /** A script, style or picture. */
  @GET
  @Path("assets/{hash}/{path:.+}")
  public Response asset(String hash, String path) {
    return assets
        .find(hash, path)
        .map(asset -> send(asset, IMMUTABLE))
        .orElseGet(() -> Response.status(Response.Status.NOT_FOUND).build());
  }

  private static Response send(Asset asset, String caching) {
    return Response.ok(asset.bytes(), asset.type())
        .header(HttpHeaders.CACHE_CONTROL, caching)
        .build();
  }

  private static PageAssets read() {
    List<PageAssets> found = new ArrayList<>();
    try {
      ClassPathUtils.consumeAsPaths("lift-page", folder -> found.add(PageAssets.read(folder)));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the page's files", e);
    }
    return found.get(0);
  }
}
