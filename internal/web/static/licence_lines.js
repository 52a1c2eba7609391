// Goods lines and species without loading the page anew, and suggestions.
(function () {
  "use strict";
  var page = window.openflegtLicence;
  if (!page) return;
  var form = page.form;
  var MOST_LINES = 200, MOST_SPECIES = 20, SUGGEST_AFTER = 200;
  // With more lines or boxes than these the server shows the lines in parts.
  var LINES_SHOWN = 10, BOXES_SHOWN = 100;
  var lines = form.querySelector("[data-of-lines]");
  // The part shown begins with the line at this index; so many lines stand in other parts.
  var first = Number(lines.dataset.ofFirst), others = Number(lines.dataset.ofOthers);
  // A line more stands at the end of the licence: here when no other part comes behind this one.
  var last = !form.elements.namedItem("lines.before");
  var blankLine = form.querySelector("template[data-of-blank='line']");
  var blankWood = form.querySelector("template[data-of-blank='species']");

  function all() { return Array.from(lines.querySelectorAll("[data-of-line]")); }

  // made fills a blank in.
  function made(blank, holes) {
    var text = blank.innerHTML;
    Object.keys(holes).forEach(function (hole) { text = text.split("{" + hole + "}").join(holes[hole]); });
    var holder = document.createElement("template");
    holder.innerHTML = text;
    return holder.content.firstElementChild;
  }

  function addLine() {
    var number = Number(lines.dataset.ofNext);
    lines.dataset.ofNext = number + 1;
    var i = first + all().length, line = made(blankLine, { i: i, n: number });
    line.querySelector("[data-of-woods]").append(made(blankWood, { i: i, j: 0 }));
    lines.append(line);
    recount();
    line.querySelector("input:not([type='hidden'])").focus();
  }

  function addSpecies(line) {
    var i = line.dataset.ofLine, woods = line.querySelector("[data-of-woods]");
    var wood = made(blankWood, { i: i, j: woods.children.length });
    woods.append(wood);
    wood.querySelector("input").focus();
  }

  function removeLine(line) {
    var index = all().indexOf(line), number = numberOf(line);
    line.remove();
    all().forEach(function (each, i) { if (i >= index) reindex(each, first + i); });
    recount();
    var next = all()[Math.min(index, all().length - 1)];
    if (!next) addLine(); else next.querySelector("legend").focus();
    page.say(page.words("removed").replace("{n}", number));
    page.changed();
  }

  // reindex gives a line's boxes the names of another place; its number stays.
  function reindex(line, i) {
    var old = "goods." + line.dataset.ofLine + ".", now = "goods." + i + ".";
    line.querySelectorAll("*").forEach(function (e) {
      ["name", "id", "for", "aria-describedby"].forEach(function (a) {
        if (e.hasAttribute(a)) e.setAttribute(a, e.getAttribute(a).split(old).join(now));
      });
      if (e.name === "do") e.value = e.value.replace(/:.*$/, ":" + i);
    });
    line.id = "line-" + i;
    line.dataset.ofLine = i;
  }

  // recount says which lines are shown, where there are others.
  var shown = form.querySelector("[data-of-shown-lines]");
  function recount() {
    if (!shown) return;
    var from = first + 1, to = first + Math.max(1, all().length);
    shown.textContent = shown.dataset.ofShownLines.replace("{from}", from).replace("{to}", to).replace("{count}", others + to - first);
    form.querySelector(".of-pages [aria-current]").textContent = from + "–" + to;
  }

  function numberOf(line) { return line.querySelector("legend").textContent.replace(/\D+/g, ""); }

  // The numbers are the server's.
  page.numbered = function (numbers) {
    all().forEach(function (line, i) {
      var number = numbers[i], was = numberOf(line);
      if (!number) return;
      line.querySelector("input[name$='.line']").value = number;
      if (String(number) !== was) {
        line.querySelectorAll("legend, button").forEach(function (e) { e.textContent = e.textContent.replace(was, number); });
      }
      if (number >= Number(lines.dataset.ofNext)) lines.dataset.ofNext = number + 1;
    });
  };

  form.addEventListener("click", function (event) {
    var button = event.target.closest("button[name='do']");
    if (!button) return;
    var what = button.value.split(":")[0], line = button.closest("[data-of-line]");
    var room = lines.querySelectorAll("input:not([type='hidden'])").length < BOXES_SHOWN;
    if (what === "add_line" && last && room && all().length < LINES_SHOWN && others + all().length < MOST_LINES) addLine();
    else if (what === "add_species" && room && line.querySelector("[data-of-woods]").children.length < MOST_SPECIES) addSpecies(line);
    else if (what === "remove_line") removeLine(line);
    else return; // the server does it, or says why not
    event.preventDefault();
  });

  // --- Suggestions of species: choosing one name fills the other in.
  var offered = document.getElementById("species-names");
  var names = document.createElement("datalist");
  names.id = "species-common";
  offered.after(names);
  var everything = Array.from(offered.children);
  var known = [], timer, asking;

  function other(box) {
    var common = /\.common$/.test(box.name);
    return form.elements.namedItem(box.name.replace(/\.(common|scientific)$/, common ? ".scientific" : ".common"));
  }
  function same(a, b) { return a.trim().toLowerCase() === b.trim().toLowerCase(); }

  function offer(found) {
    known = found;
    names.replaceChildren();
    offered.replaceChildren();
    found.forEach(function (s) {
      s.common.forEach(function (common) { option(names, common, s.scientific); });
      option(offered, s.scientific, s.common.join(", "));
    });
    if (!found.length) offered.replaceChildren.apply(offered, everything);
  }
  function option(list, value, label) {
    var o = document.createElement("option");
    o.value = value;
    o.label = label;
    list.append(o);
  }

  function ask(box) {
    var part = box.value.trim();
    if (part.length < 2) return Promise.resolve();
    if (asking) asking.abort();
    asking = new AbortController();
    return fetch("/licences/species?q=" + encodeURIComponent(part), { credentials: "same-origin", redirect: "error", signal: asking.signal })
      .then(function (answer) { return answer.ok ? answer.json() : []; })
      .then(offer)
      .catch(function () { /* one can write without suggestions */ });
  }

  // complete fills the other name in when this one can only mean one species.
  function complete(box) {
    var common = /\.common$/.test(box.name), to = other(box);
    if (!to || to.value.trim() !== "" && !("filled" in to.dataset)) return;
    var fits = known.filter(function (s) {
      return common ? s.common.some(function (name) { return same(name, box.value); }) : same(s.scientific, box.value);
    });
    if (fits.length !== 1 || !common && fits[0].common.length === 0) return;
    var value = common ? fits[0].scientific : fits[0].common[0];
    if (to.value === value) return;
    to.value = value;
    to.dataset.filled = "";
    to.dataset.touched = "";
    page.changed();
  }

  form.addEventListener("focusin", function (event) {
    if (/\.common$/.test(event.target.name)) event.target.setAttribute("list", names.id);
  });
  form.addEventListener("input", function (event) {
    var box = event.target;
    if (!/\.(common|scientific)$/.test(box.name)) return;
    delete box.dataset.filled;
    clearTimeout(timer);
    if (event.inputType === "insertReplacementText" || event.inputType === undefined) complete(box); // chosen from the list
    timer = setTimeout(function () { ask(box); }, SUGGEST_AFTER);
  });
  form.addEventListener("change", function (event) {
    var box = event.target;
    if (!/\.(common|scientific)$/.test(box.name)) return;
    clearTimeout(timer);
    ask(box).then(function () { complete(box); });
  });

  // --- The issuing bodies of the country chosen.
  var bodies = document.getElementById("issuing-bodies");
  form.elements.namedItem("export").addEventListener("change", function (event) {
    fetch("/licences/issuing-bodies?country=" + encodeURIComponent(event.target.value), { credentials: "same-origin", redirect: "error" })
      .then(function (answer) { return answer.ok ? answer.json() : []; })
      .then(function (found) {
        bodies.replaceChildren();
        found.forEach(function (name) { option(bodies, name, ""); });
      })
      .catch(function () { /* one can write without suggestions */ });
  });
})();
