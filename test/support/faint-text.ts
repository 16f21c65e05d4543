/** For a browser: text whose contrast with its ground is below 4.5:1, by its words. */
export const faintText = `(() => {
  const channels = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const luminance = (colour) => {
    const [r, g, b] = channels(colour).map((value) => {
      const share = value / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const groundOf = (element) => {
    const colour = getComputedStyle(element).backgroundColor;
    return channels(colour)[3] === 0 && element.parentElement
      ? groundOf(element.parentElement)
      : colour;
  };
  const faint = [];
  for (const element of document.querySelectorAll('body *')) {
    if (![...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim())) continue;
    if (/^(title|desc)$/.test(element.localName)) continue;
    const style = getComputedStyle(element);
    const tones = [element.localName === 'text' ? style.fill : style.color, groundOf(element)];
    const [dark, light] = tones.map(luminance).sort((one, other) => one - other);
    if ((light + 0.05) / (dark + 0.05) < 4.5) faint.push(element.textContent + ' ' + tones);
  }
  return faint;
})()`;

/** For a browser: opens whatever is folded. */
export const openAll = "for (const one of document.querySelectorAll('details')) one.open = true";
