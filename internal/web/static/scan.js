// Shows the scans of a licence page by page: next and previous, larger and smaller, turned.
// Without it, and whenever it fails, a page has each scan in a frame or as a picture, and a
// link to take it away.
(function () {
  "use strict";
  var maxPixels = 16e6; // of one drawn page
  var patience = 30000; // milliseconds until a scan that does not appear is left to the browser

  // A source tells how many pages there are and puts page n into the sheet, at a width.
  function pictures(addresses, name) {
    return Promise.resolve({
      pages: addresses.length,
      alone: true, // a page that does not come says nothing of the others
      load: function (n) {
        return new Promise(function (resolve, reject) {
          var img = new Image();
          img.onload = function () {
            resolve({
              node: img, width: img.naturalWidth, height: img.naturalHeight, leave: function () {},
              draw: function (scale, turn) {
                var w = img.naturalWidth * scale, h = img.naturalHeight * scale, flat = turn % 180 === 0;
                img.style.width = w + "px";
                img.style.height = h + "px";
                var move = { 0: "0,0", 90: h + "px,0", 180: w + "px," + h + "px", 270: "0," + w + "px" }[turn];
                img.style.transform = "translate(" + move + ") rotate(" + turn + "deg)";
                return Promise.resolve([flat ? w : h, flat ? h : w]);
              }
            });
          };
          img.onerror = reject;
          img.alt = name(n);
          img.className = "of-viewer__picture";
          img.src = addresses[n - 1];
        });
      }
    });
  }

  // Gives pdf.js a file piece by piece. Left to itself it first asks for the whole file and
  // breaks off, when megabytes are already on their way.
  var pieceSize = 65536;
  function pieces(lib, address, broken) {
    function piece(begin, end) {
      return fetch(address, { headers: { Range: "bytes=" + begin + "-" + (end - 1) } }).then(function (answer) {
        if (answer.status !== 206) throw new Error("status " + answer.status);
        return answer.arrayBuffer().then(function (bytes) {
          return { bytes: new Uint8Array(bytes), of: Number(answer.headers.get("Content-Range").split("/")[1]) };
        });
      });
    }
    return piece(0, pieceSize).then(function (first) {
      var range = new lib.PDFDataRangeTransport(first.of, first.bytes, first.bytes.length === first.of);
      range.requestDataRange = function (begin, end) {
        piece(begin, end).then(function (next) { range.onDataRange(begin, next.bytes); }).catch(broken);
      };
      return range;
    });
  }

  // lacking says whether a picture of the page could not be unpacked, which the library passes
  // over in silence.
  function lacking(page) {
    for (var object of page.objs) if (object[1] === null) return true;
    return false;
  }

  // blank says whether nothing at all was drawn: what is scanned is never quite white.
  function blank(canvas) {
    var small = document.createElement("canvas"), side = 128;
    small.width = small.height = side;
    var brush = small.getContext("2d", { willReadFrequently: true });
    brush.imageSmoothingQuality = "high";
    brush.drawImage(canvas, 0, 0, side, side);
    return brush.getImageData(0, 0, side, side).data.every(function (value) { return value > 250; });
  }

  var library;
  function pdf(address, viewer, name) {
    var broken, lost = new Promise(function (_, reject) { broken = reject; });
    lost.catch(function () {}); // whoever waits hears of it
    function unlessLost(promise) { return Promise.race([promise, lost]); }
    library = library || import(viewer.dataset.ofPdf).then(function (lib) {
      lib.GlobalWorkerOptions.workerSrc = viewer.dataset.ofWorker;
      return lib;
    });
    return library.then(function (lib) {
      return pieces(lib, address, broken).then(function (range) { return unlessLost(lib.getDocument({
        range: range, rangeChunkSize: pieceSize, disableStream: true, disableAutoFetch: true, enableXfa: false, verbosity: 0,
        wasmUrl: viewer.dataset.ofWorker.replace(/[^/]*$/, ""), maxImageSize: 150e6, isEvalSupported: false, canvasMaxAreaInBytes: maxPixels * 4
      }).promise); });
    }).then(function (doc) {
      return {
        pages: doc.numPages,
        load: function (n) {
          return unlessLost(doc.getPage(n)).then(function (page) {
            var plain = page.getViewport({ scale: 1 }), canvas = document.createElement("canvas"), task = null;
            canvas.setAttribute("role", "img");
            canvas.setAttribute("aria-label", name(n));
            return {
              node: canvas, width: plain.width, height: plain.height,
              leave: function () {
                if (task) task.cancel();
                page.cleanup(); // what was unpacked for it; a scan of 200 pages would fill the memory
                canvas.width = canvas.height = 0;
              },
              draw: function (scale, turn) {
                if (task) task.cancel();
                var view = page.getViewport({ scale: scale, rotation: (page.rotate + turn) % 360 });
                var sharp = Math.min(window.devicePixelRatio || 1, Math.sqrt(maxPixels / (view.width * view.height)));
                canvas.width = Math.floor(view.width * sharp);
                canvas.height = Math.floor(view.height * sharp);
                canvas.style.width = view.width + "px";
                canvas.style.height = view.height + "px";
                task = page.render({ canvas: canvas, viewport: view, transform: [sharp, 0, 0, sharp, 0, 0] });
                return unlessLost(task.promise).then(function () { return [view.width, view.height, lacking(page) ? "part" : blank(canvas) ? "blank" : ""]; });
              }
            };
          });
        }
      };
    });
  }

  function start(viewer, last) {
    var tools = viewer.querySelector(".of-viewer__tools"), stage = viewer.querySelector(".of-viewer__stage");
    var sheet = stage.querySelector(".of-viewer__sheet"), number = viewer.querySelector("[data-of-number]");
    var told = viewer.querySelector("[data-of-told]"), count = viewer.querySelector("[data-of-count]");
    var scans = Array.from(viewer.querySelectorAll(".of-scan")), tabs = [];
    var plain = scans.map(function (scan) { return scan.querySelector(".of-scan__plain"); });
    var open = new Map(), at = null, turnOf = 0, zoom = 1, asked = 0, given = new Set();

    function say(text, values) {
      return text.replace(/\{(\w+)\}/g, function (_, key) { return values[key]; });
    }
    function tell(page) {
      told.textContent = say(viewer.dataset.ofSays, { page: page.number, pages: page.source.pages, percent: Math.round(zoom * 100) });
      number.value = page.number;
      count.textContent = page.source.pages;
      act("previous").setAttribute("aria-disabled", page.number <= 1);
      act("next").setAttribute("aria-disabled", page.number >= page.source.pages);
    }
    function act(name) { return tools.querySelector("[data-of-do='" + name + "']"); }

    // warn says what cannot be seen of a page, and offers the file.
    function warn(what) {
      var place = viewer.querySelector("[data-of-missing]"), scan = scans.find(function (one) { return !one.hidden; });
      place.hidden = !what;
      place.replaceChildren();
      if (!what) return;
      var text = { part: viewer.dataset.ofPart, blank: viewer.dataset.ofBlank, none: viewer.dataset.ofUndrawn }[what];
      place.append(say(text, { page: at.number }), " ", scan.querySelector("[data-of-download]").cloneNode(true));
    }

    var late;
    function leave() {
      clearTimeout(late);
      warn("");
      if (at && at.shown) at.shown.leave();
      at = null;
      sheet.replaceChildren();
    }
    function draw() {
      if (!at || !at.shown) return Promise.resolve();
      var shown = at.shown, wide = turnOf % 180 === 0 ? shown.width : shown.height;
      var fit = Math.max(1, stage.clientWidth - 2) / wide;
      return shown.draw(fit * zoom, turnOf).then(function (size) {
        if (!at || at.shown !== shown) return;
        clearTimeout(late);
        sheet.style.width = size[0] + "px";
        sheet.style.height = size[1] + "px";
        tell(at);
        warn(size[2]);
        viewer.dataset.ofDrawn = at.number + "/" + turnOf + "/" + Math.round(zoom * 100);
      }, function (reason) {
        if (!reason || reason.name !== "RenderingCancelledException") fail();
      });
    }
    function go(n) {
      if (!at) return;
      n = Math.min(Math.max(1, n || 1), at.source.pages);
      var mine = ++asked, source = at.source;
      stage.setAttribute("aria-busy", "true");
      return source.load(n).then(function (shown) {
        if (mine !== asked) return shown.leave();
        if (at.shown) at.shown.leave();
        at.number = n;
        at.shown = shown;
        sheet.replaceChildren(shown.node);
        stage.scrollTop = 0;
        stage.removeAttribute("aria-busy");
        return draw();
      }).catch(function () {
        if (mine !== asked) return;
        if (source.alone) undrawn(n); else fail();
      });
    }
    // A page of which no picture came: the others may be all right.
    function undrawn(n) {
      clearTimeout(late);
      if (at.shown) at.shown.leave();
      at.shown = null;
      at.number = n;
      sheet.replaceChildren();
      stage.removeAttribute("aria-busy");
      delete viewer.dataset.ofDrawn;
      tell(at);
      warn("none");
    }
    // What cannot be drawn is left to the browser, as without this script.
    function fail() {
      asked++;
      leave();
      stage.removeAttribute("aria-busy");
      told.textContent = viewer.dataset.ofFailed;
      stage.hidden = tools.hidden = true;
      var index = scans.findIndex(function (scan) { return !scan.hidden; });
      given.add(index);
      scans[index].append(plain[index]);
    }
    function choose(index) {
      var scan = scans[index], mine = ++asked;
      scans.forEach(function (other, i) {
        other.hidden = i !== index;
        if (tabs[i]) {
          tabs[i].setAttribute("aria-selected", i === index);
          tabs[i].tabIndex = i === index ? 0 : -1;
        }
      });
      if (tabs[index]) stage.setAttribute("aria-labelledby", tabs[index].id);
      leave();
      stage.hidden = tools.hidden = given.has(index);
      if (given.has(index)) return void (told.textContent = viewer.dataset.ofFailed);
      late = setTimeout(fail, patience);
      told.textContent = viewer.dataset.ofLoading;
      turnOf = 0;
      zoom = 1;
      if (!open.has(scan)) {
        var name = function (n) { return say(viewer.dataset.ofPage, { name: scan.dataset.ofName, page: n }); };
        var pages = Array.from({ length: Number(scan.dataset.ofPages) }, function (_, i) { return scan.dataset.ofAddress + "/pages/" + (i + 1); });
        open.set(scan, scan.dataset.ofKind === "pdf" ? pdf(scan.dataset.ofAddress, viewer, name)
          : pictures(pages.length ? pages : [scan.dataset.ofAddress], name));
      }
      open.get(scan).then(function (source) {
        if (mine !== asked) return;
        at = { source: source, number: 1, shown: null };
        return go(1);
      }).catch(function () { if (mine === asked) fail(); });
    }

    var steps = {
      previous: function () { if (at && at.number > 1) go(at.number - 1); },
      next: function () { if (at && at.number < at.source.pages) go(at.number + 1); },
      first: function () { go(1); },
      last: function () { if (at) go(at.source.pages); },
      larger: function () { zoom = Math.min(8, zoom * 1.25); draw(); },
      smaller: function () { zoom = Math.max(.25, zoom / 1.25); draw(); },
      fit: function () { zoom = 1; draw(); },
      turn: function () { turnOf = (turnOf + 90) % 360; draw(); },
      back: function () { turnOf = (turnOf + 270) % 360; draw(); }
    };
    var keys = { PageUp: "previous", PageDown: "next", Home: "first", End: "last", "+": "larger", "=": "larger", "-": "smaller", "0": "fit", r: "turn", R: "back" };
    tools.addEventListener("click", function (event) {
      var button = event.target.closest("[data-of-do]");
      if (button && button.getAttribute("aria-disabled") !== "true") steps[button.dataset.ofDo]();
    });
    // The keys act while the focus is in the viewer, and then no other script hears them.
    viewer.addEventListener("keydown", function (event) {
      var step = keys[event.key];
      if (!step || !at || event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, [role='tab']")) return;
      event.preventDefault();
      event.stopPropagation();
      steps[step]();
    });
    function goToNumber() {
      var n = parseInt(number.value, 10);
      if (at && n !== at.number) go(n);
    }
    number.addEventListener("change", goToNumber);
    number.addEventListener("focus", function () { number.select(); });
    number.addEventListener("keydown", function (event) {
      if (event.key !== "Enter") return;
      event.preventDefault(); // it may stand beside a form
      goToNumber();
    });
    var wide = stage.clientWidth;
    new ResizeObserver(function () {
      if (stage.clientWidth === wide) return;
      wide = stage.clientWidth;
      draw();
    }).observe(stage);

    if (scans.length > 1) {
      var list = viewer.querySelector("[data-of-tabs]");
      scans.forEach(function (scan, i) {
        var tab = document.createElement("button");
        tab.type = "button";
        tab.id = stage.id + "-tab-" + i;
        tab.className = "of-viewer__tab";
        tab.setAttribute("role", "tab");
        tab.setAttribute("aria-controls", stage.id);
        tab.textContent = scan.dataset.ofName;
        tab.addEventListener("click", function () { choose(i); });
        tabs.push(tab);
        list.append(tab);
      });
      list.addEventListener("keydown", function (event) {
        var step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
        if (!step) return;
        event.preventDefault();
        var to = (tabs.indexOf(document.activeElement) + step + tabs.length) % tabs.length;
        tabs[to].focus();
        choose(to);
      });
      list.hidden = false;
      stage.setAttribute("role", "tabpanel");
      stage.removeAttribute("aria-label");
    }
    viewer.querySelector("[data-of-help]").hidden = false;
    plain.forEach(function (part) { part.remove(); });
    try { choose(last ? scans.length - 1 : 0); } catch (e) { fail(); }
  }

  // A viewer that comes later shows the scan that came with it, the last one.
  function startAll(later) {
    document.querySelectorAll("[data-of-viewer]:not([data-of-started])").forEach(function (viewer) {
      viewer.dataset.ofStarted = "";
      start(viewer, later);
    });
  }
  startAll(false);
  document.addEventListener("openflegt:scans", function () { startAll(true); });
})();
