namespace Orders.Tests.Browser;

/// <summary>WCAG 2.2, 1.4.3: text has a contrast of 4.5 to what is behind it, large text of 3.</summary>
internal static class Contrast
{
    /// <summary>Runs in the page. Gives a line for each text that has less.</summary>
    public const string Script = """
        () => {
          const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
          const rgba = colour => {
            context.clearRect(0, 0, 1, 1);
            context.fillStyle = colour;
            context.fillRect(0, 0, 1, 1);
            return [...context.getImageData(0, 0, 1, 1).data];
          };
          const luminance = colour => {
            const [r, g, b] = colour.map(part => part / 255).map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
            return 0.2126 * r + 0.7152 * g + 0.0722 * b;
          };
          const behind = element => {
            for (let at = element; at; at = at.parentElement) {
              const colour = rgba(getComputedStyle(at).backgroundColor);
              if (colour[3] === 255)
                return colour;
            }
            return [255, 255, 255, 255];
          };
          const faults = new Set();
          const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          while (texts.nextNode()) {
            const element = texts.currentNode.parentElement;
            const style = getComputedStyle(element);
            if (!texts.currentNode.data.trim() || !element.checkVisibility() || element.matches('option, script, noscript, :disabled'))
              continue;
            const [light, dark] = [luminance(rgba(style.color)), luminance(behind(element))].sort((a, b) => b - a);
            const size = parseFloat(style.fontSize);
            const needed = size >= 24 || (size >= 18.66 && style.fontWeight >= 700) ? 3 : 4.5;
            const contrast = (light + 0.05) / (dark + 0.05);
            if (contrast < needed)
              faults.add(`${contrast.toFixed(2)} ${element.tagName} .${element.className} "${texts.currentNode.data.trim().slice(0, 40)}"`);
          }
          return [...faults];
        }
        """;
}
