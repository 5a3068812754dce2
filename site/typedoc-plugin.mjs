/** What the site needs from TypeDoc that its Markdown does not have by itself. */
import { ReflectionKind, RendererEvent } from 'typedoc';
import { MarkdownPageEvent } from 'typedoc-plugin-markdown';

export function load(app) {
  // The main module of a package has the package's name. By itself it has none, where a package has several modules.
  app.renderer.on(
    RendererEvent.BEGIN,
    ({ project }) => {
      for (const module of project.getReflectionsByKind(ReflectionKind.Module)) {
        if (module.name === '') module.name = module.parent.name;
      }
    },
    1000,
  );
  // Headings get the anchors that TypeDoc's links lead to. Others, such as "Parameters", get some that no symbol has.
  app.renderer.on(MarkdownPageEvent.END, (page) => {
    let k = 0;
    page.contents = page.contents?.replaceAll(CODE_OR_HEADING, (text, anchor, heading) =>
      heading ? `${heading} {#${anchor ?? `part-${++k}`}}` : text,
    );
  });
}

const CODE_OR_HEADING = /^```[\s\S]*?^```$|(?:^<a id="([^"]+)"><\/a>\n\n)?^(#{1,6} .*)$/gm;
