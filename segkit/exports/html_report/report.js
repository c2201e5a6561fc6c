"use strict";
// Figures are drawn when they come into sight; all of them before the report is printed.
(() => {
  const PAPER = 680; // px: the width of A4 and Letter between the margins of report.css, and a little less
  const PHONE = window.matchMedia("screen and (max-width: 640px)");
  const TOOLS = {
    displaylogo: false,
    modeBarButtons: [["toImage"]],
    showLink: false,
    showEditInChartStudio: false,
    showSendToCloud: false,
    sendData: false,
    plotlyServerURL: "",
    doubleClick: false,
  };
  const root = document.documentElement;
  const charts = [...document.querySelectorAll(".chart")];
  const figures = JSON.parse(document.getElementById("figures").textContent);
  const folds = [...document.querySelectorAll("details[data-folds]")];
  const contents = document.getElementById("contents");
  const seen = new Set();
  let printing = false;

  // Without a script everything stands open; here it is folded.
  for (const fold of folds) fold.open = false;
  contents.open = !PHONE.matches;

  async function unpacked() {
    const packed = document.getElementById("plotly");
    const letters = atob(packed.textContent);
    const bytes = new Uint8Array(letters.length);
    for (let place = 0; place < letters.length; place += 1) bytes[place] = letters.charCodeAt(place);
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    const code = document.createElement("script");
    code.textContent = await new Response(stream).text();
    document.head.append(code);
    packed.remove();
    if (!window.Plotly) throw new Error("no Plotly");
  }

  function draw(chart) {
    const figure = figures[chart.id][PHONE.matches && !printing ? "narrow" : "wide"];
    const { data, layout } = structuredClone(figure);
    layout.width = printing ? PAPER : chart.clientWidth;
    const name = chart.id.replace(/-chart.*/, "");
    const tools = { ...TOOLS, toImageButtonOptions: { format: "png", scale: 2, filename: name } };
    window.Plotly.react(chart, data, layout, tools);
    seen.add(chart);
    root.dataset.drawn = seen.size;
  }

  function tablesInstead() {
    root.classList.remove("js");
    for (const fold of folds) fold.open = true;
  }

  function inSight() {
    const watch = new IntersectionObserver(
      (changes) => {
        for (const change of changes) {
          if (!change.isIntersecting || seen.has(change.target)) continue;
          watch.unobserve(change.target);
          draw(change.target);
        }
      },
      { rootMargin: "400px 0px" },
    );
    for (const chart of charts) watch.observe(chart);
  }

  function onPaper() {
    printing = true;
    contents.open = true;
    if (window.Plotly) charts.forEach(draw);
    else for (const fold of document.querySelectorAll("figure details")) fold.open = true;
  }

  function onScreen() {
    printing = false;
    contents.open = !PHONE.matches;
    if (window.Plotly) seen.forEach(draw);
  }

  function widened() {
    let width = window.innerWidth;
    let waiting = 0;
    window.addEventListener("resize", () => {
      if (printing || width === window.innerWidth) return; // on a phone the bar of the browser only moves
      width = window.innerWidth;
      clearTimeout(waiting);
      waiting = setTimeout(() => seen.forEach(draw), 150);
    });
  }

  // The line of the contents that is being read.
  function whereWeAre() {
    const links = new Map([...contents.querySelectorAll("a")].map((link) => [link.hash.slice(1), link]));
    const watch = new IntersectionObserver(
      (changes) => {
        const read = changes.findLast((change) => change.isIntersecting);
        if (!read) return;
        for (const [key, link] of links) {
          if (key === read.target.id) link.setAttribute("aria-current", "true");
          else link.removeAttribute("aria-current");
        }
        const link = links.get(read.target.id);
        const scrolls = contents.scrollHeight > contents.clientHeight;
        if (link && scrolls) contents.scrollTop = link.offsetTop - contents.clientHeight / 2;
      },
      { rootMargin: "-20% 0px -75% 0px" },
    );
    for (const part of document.querySelectorAll("#cover, section")) watch.observe(part);
  }

  window.addEventListener("beforeprint", onPaper);
  window.addEventListener("afterprint", onScreen);
  PHONE.addEventListener("change", () => { if (!printing) contents.open = !PHONE.matches; });
  whereWeAre();
  widened();
  const start = () => unpacked().then(inSight).catch(tablesInstead);
  // First what can be read, then what is heavy.
  document.addEventListener("DOMContentLoaded", () => requestAnimationFrame(() => setTimeout(start)));
})();
