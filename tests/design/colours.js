// Run in the page by test_gallery.py. `tokens` lists what tokens.css alone resolves to; `rules` is the reviewed allow-list.
(() => {
  const KEYWORDS = new Set(["transparent", "none", "auto", "inherit", "currentcolor", "rgba(0, 0, 0, 0)"]);
  const SIDES = ["top", "right", "bottom", "left"];
  const CORNERS = ["border-top-left-radius", "border-top-right-radius", "border-bottom-left-radius", "border-bottom-right-radius"];
  const COLOUR = /(?:rgba?|oklab|color)\([^)]*\)/g;

  /** What the custom properties of this page (tokens.css and nothing else) are, as computed: colours, sizes, radii, shadows. */
  function tokens() {
    const found = { colours: new Set(), sizes: new Set(), radii: new Set(), shadows: new Set() };
    const names = new Set();
    for (const sheet of document.styleSheets) collect(sheet.cssRules, names);
    const probe = document.body.appendChild(document.createElement("i"));
    const put = (property, name, into) => {
      probe.style.setProperty(property, `var(${name})`);
      into.add(getComputedStyle(probe).getPropertyValue(property));
      probe.style.removeProperty(property);
    };
    for (const name of names) {
      if (CSS.supports("color", getComputedStyle(document.documentElement).getPropertyValue(name).trim())) put("color", name, found.colours);
      if (name.startsWith("--t-")) put("font-size", name, found.sizes);
      if (name.startsWith("--r-")) put("border-top-left-radius", name, found.radii);
      if (name.startsWith("--shadow-")) put("box-shadow", name, found.shadows);
    }
    probe.remove();
    return Object.fromEntries(Object.entries(found).map(([key, set]) => [key, [...set]]));
  }

  function collect(rules, names) {
    for (const rule of rules) {
      if (rule.cssRules?.length) collect(rule.cssRules, names);
      for (const name of rule.style ?? []) if (name.startsWith("--")) names.add(name);
    }
  }

  /** Every computed look that no token resolves to: "where: property is value". */
  function foreign(allowed, rules) {
    const colours = new Set(allowed.colours), sizes = new Set(allowed.sizes), radii = new Set(allowed.radii), shadows = new Set(allowed.shadows);
    const wrong = new Map();
    const say = (element, part, property, value) => {
      if (rules.some(rule => rule.property === property && new RegExp(`^(?:${rule.value})$`).test(value) && element.matches(rule.selector))) return;
      const where = element.tagName.toLowerCase() + (element.className?.baseVal ?? element.className ?? "").toString().replace(/^|\s+/g, ".").replace(/\.$/, "");
      wrong.set(`${property} ${value} ${where}${part}`, `${where}${part}: ${property} is ${value}`);
    };
    const colour = (element, part, property, value) => {
      for (const one of value.match(COLOUR) ?? []) if (!KEYWORDS.has(one) && !colours.has(one)) say(element, part, property, one);
    };
    for (const element of document.querySelectorAll("html, body, body *")) {
      if (element.matches("script, option, use, symbol, symbol *")) continue;
      for (const part of ["", "::before", "::after"]) {
        const look = getComputedStyle(element, part);
        if (part && ["none", "normal"].includes(look.content)) continue;
        colour(element, part, "color", look.color);
        colour(element, part, "background-color", look.backgroundColor);
        colour(element, part, "background-image", look.backgroundImage);
        for (const side of SIDES) if (look[`border-${side}-style`] !== "none" && look[`border-${side}-width`] !== "0px") colour(element, part, "border-color", look[`border-${side}-color`]);
        if (look.outlineStyle !== "none" && look.outlineStyle !== "auto") colour(element, part, "outline-color", look.outlineColor);
        if (look.textDecorationLine !== "none") colour(element, part, "text-decoration-color", look.textDecorationColor);
        if (element instanceof SVGElement) { colour(element, part, "fill", look.fill); colour(element, part, "stroke", look.stroke); }
        if (!sizes.has(look.fontSize)) say(element, part, "font-size", look.fontSize);
        for (const corner of CORNERS) if (look[corner] !== "0px" && !radii.has(look[corner])) say(element, part, "border-radius", look[corner]);
        if (look.boxShadow !== "none" && !shadows.has(look.boxShadow)) shadow(element, part, look.boxShadow);
      }
    }
    /** A shadow without blur is a line: its colour must be a token; anything soft must be a shadow token. */
    function shadow(element, part, value) {
      const rest = value.replace(COLOUR, "").replace("inset", "").trim().split(/\s+/);
      if (value.includes("),") || rest[2] !== "0px") say(element, part, "box-shadow", value);
      else colour(element, part, "box-shadow", value);
    }
    return [...wrong.values()];
  }

  /** Where every block of the page stands, so that the layout can be compared where fonts differ. */
  function blocks() {
    return [...document.querySelectorAll("[data-sample], body > header, body > section, body > footer, main > section")].map((block, index) => {
      const { x, y, width, height } = block.getBoundingClientRect();
      return { name: block.dataset.sample ?? `${index} ${block.className}`, box: [x, y + scrollY, width, height].map(Math.round) };
    });
  }

  globalThis.look = { tokens, foreign, blocks };
})();
