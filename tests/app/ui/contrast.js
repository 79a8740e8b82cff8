// Every visible text of the page whose contrast is under 4.5, with what it is painted on (WCAG 2.2, 1.4.3).
() => {
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const rgba = (color) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    const [red, green, blue, alpha] = canvas.getImageData(0, 0, 1, 1).data;
    return [red, green, blue, alpha / 255];
  };
  const over = (top, under) => [0, 1, 2].map((i) => top[i] * top[3] + under[i] * (1 - top[3]));
  const background = (node) => {
    const layers = [];
    for (let each = node; each; each = each.parentElement) {
      const layer = rgba(getComputedStyle(each).backgroundColor);
      layers.push(layer);
      if (layer[3] === 1) break;
    }
    return layers.reverse().reduce((under, layer) => over(layer, under), [255, 255, 255]);
  };
  const luminance = (color) => {
    const linear = color.slice(0, 3).map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
  };
  const ratio = (one, other) => {
    const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
    return (light + 0.05) / (dark + 0.05);
  };
  const weak = [];
  const check = (node, text, pseudo) => {
    const style = getComputedStyle(node, pseudo);
    const under = background(node);
    const contrast = ratio(over(rgba(style.color), under), under);
    if (contrast < 4.5) weak.push(`${contrast.toFixed(2)} ${node.className || node.tagName} ${text.slice(0, 30)}`);
  };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const node = texts.currentNode.parentElement;
    const text = texts.currentNode.textContent.trim();
    const box = node.getBoundingClientRect();
    if (!text || node.closest("script, style, .cw-unseen, :disabled") || box.width < 2 || !node.checkVisibility()) continue;
    check(node, text);
  }
  for (const line of [...document.querySelectorAll(".cw-line")].slice(0, 20)) check(line, "line number", "::before");
  return [...new Set(weak)];
}
