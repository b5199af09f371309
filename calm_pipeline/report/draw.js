// Draws each chart when it comes near the screen; until then, without scripts and on paper the static image stands there.
(() => {
  const options = { mode: "vega-lite", renderer: "svg", actions: false, ast: true, tooltip: { theme: "custom" },
    config: { ...CONFIG, font: getComputedStyle(document.body).fontFamily } };
  const narrow = matchMedia("(max-width: 40rem)");
  const read = (chart, kind) => {
    const found = chart.querySelector(`script[data-spec="${kind}"]`);
    return found && JSON.parse(found.textContent);
  };
  const views = new WeakMap();
  const draw = async (chart) => {
    const spec = (narrow.matches && read(chart, "narrow")) || read(chart, "wide");
    const place = chart.querySelector(".live");
    chart.classList.add("drawn");
    try {
      views.get(chart)?.finalize();
      views.set(chart, await window.vegaEmbed(place, spec, options));
      place.querySelector("svg").setAttribute("aria-hidden", "true");
    } catch (error) {
      chart.classList.remove("drawn");
      throw error;
    }
  };
  const seen = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      seen.unobserve(entry.target);
      draw(entry.target);
    }
  }, { rootMargin: "800px" });
  const charts = document.querySelectorAll(".chart");
  for (const chart of charts) seen.observe(chart);
  narrow.addEventListener("change", () => {
    for (const chart of charts) if (chart.classList.contains("drawn")) draw(chart);
  });
})();
