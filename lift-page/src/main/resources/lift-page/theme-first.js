// Runs before the first paint, so that the page never shows in the wrong theme.
(function () {
  let chosen = null;
  try {
    chosen = localStorage.getItem('lift.theme');
  } catch {
    // storage may be forbidden; the system's theme it is
  }
  const dark = matchMedia('(prefers-color-scheme: dark)').matches;
  document.documentElement.dataset.theme = chosen ?? (dark ? 'dark' : 'light');
})();
