import { isVariable, toIdShape } from '../client-id.js';
import type { AndroidModule, IdMention, Place, Scheme, XcodeTarget } from '../model.js';
import { foldersAround } from '../paths.js';
import { Definitions, type Found, Names } from './definitions.js';
import type { Facts } from './facts.js';

type Bare<T> = Omit<T, 'app'>;
const mostValues = 10;
const deepest = 5;

/** The targets that have each Info.plist. */
export function targetsByPlist(
  targets: readonly Bare<XcodeTarget>[],
): ReadonlyMap<string, Bare<XcodeTarget>[]> {
  const byPlist = new Map<string, Bare<XcodeTarget>[]>();
  for (const target of targets) {
    for (const plist of target.infoPlists) {
      byPlist.set(plist, [...(byPlist.get(plist) ?? []), target]);
    }
  }
  return byPlist;
}

/** Fills in a variable of Xcode's build settings: `$(NAME)`, `${NAME}`. */
export type FillIn = (value: string, plist: string) => Found[] | undefined;

/** Looks up build settings: those of the target whose Info.plist it is, then `.xcconfig` files. */
export function createFillIn(facts: Facts): FillIn {
  const files = new Names();
  for (const { name, ...found } of facts.buildSettings) files.add(name, found);
  const targets = targetsByPlist(facts.xcodeTargets);
  const settingsOf = (name: string, plist: string): Found[] => {
    const own = (targets.get(plist) ?? []).flatMap(({ settings }) => settings.get(name) ?? []);
    return own.length > 0 ? own : files.nearest(name, plist);
  };
  function fillIn(value: string, plist: string, depth = 0): Found[] | undefined {
    const variable = /\$[({](\w+)(?::\w+)?[)}]/.exec(value);
    if (variable === null || depth > deepest) return undefined;
    const [whole, name = ''] = variable;
    const found = settingsOf(name, plist).filter((each) => each.value !== whole);
    if (found.length === 0) return undefined;
    const filled = found.slice(0, mostValues).flatMap((each): (Found | undefined)[] => {
      const text = value.replace(whole, () => each.value);
      // A value that is only put into another text is judged where the text stands.
      const next = { ...each, value: text };
      return isVariable(text) ? (fillIn(text, plist, depth + 1) ?? [undefined]) : [next];
    });
    const known = filled.filter((each) => each !== undefined);
    return known.length === filled.length ? unique(known) : undefined;
  }
  return fillIn;
}

/** What every name that was read stands for. */
export function createDefinitions(facts: Facts, modules: readonly AndroidModule[]): Definitions {
  const definitions = new Definitions();
  for (const { file, code } of facts.sources) definitions.addSource(file, code);
  for (const { name, isTemplate, ...found } of facts.environment) {
    // A template's values are somebody's to fill in.
    if (!isTemplate) definitions.environment.add(name, found);
  }
  for (const { name, kind, ...found } of facts.strings) {
    const library = moduleOf(modules, found.file)?.isApp === false;
    if (library && toIdShape(found.value).shape !== 'right') continue;
    definitions.resources.add(name, found);
  }
  return definitions;
}

/** The Android module that a file lies in. */
export function moduleOf(
  modules: readonly AndroidModule[],
  file: string,
): AndroidModule | undefined {
  for (const folder of foldersAround(file)) {
    const module = modules.find((each) => each.folder === folder);
    if (module !== undefined) return module;
  }
  return undefined;
}

/** The IDs that the files give to sign-in, each with its value where that is written literally. */
export function resolveMentions(
  facts: Facts,
  definitions: Definitions,
  fillIn: FillIn,
  modules: readonly AndroidModule[],
  readsResource: (file: string) => boolean,
): Bare<IdMention>[] {
  const mentions: Bare<IdMention>[] = [];
  const told = new Set<string>();
  const add = (mention: Bare<IdMention>) => {
    const key = JSON.stringify([
      mention.site,
      mention.file,
      mention.line,
      mention.role,
      mention.from,
    ]);
    if (told.has(key)) return;
    told.add(key);
    mentions.push(mention);
  };
  for (const mention of facts.mentions) {
    const { value } = mention;
    const values =
      typeof value === 'string' && isVariable(value) ? fillIn(value, mention.site) : undefined;
    const told = { ...mention, sure: true };
    if (values === undefined) add(told);
    else for (const found of values) add({ ...told, ...found });
  }
  for (const { file, text, offset, section: _section, ...passed } of facts.passed) {
    const expression = definitions.expression(file, text, offset);
    if (expression === undefined) continue;
    const values = definitions.valuesOf(expression);
    // The place of what is not known is where it is passed; what is said of it is where it comes from.
    const end = definitions.endOf(expression);
    const here = { file, line: definitions.lineOf(expression), value: `\${${end.slice(0, 80)}}` };
    const { from, key, role, sure = true } = passed;
    for (const found of values ?? [here]) add({ from, key, role, sure, ...found, site: file });
  }
  for (const { name, kind, value, ...place } of facts.strings) {
    const module = moduleOf(modules, place.file);
    if (kind !== 'id' || module?.isApp === false || !readsResource(place.file)) continue;
    const mention = { from: 'android', key: name, role: 'server', value, sure: true } as const;
    add({ ...place, ...mention, site: place.file });
  }
  return mentions;
}

/** The URL schemes that the files declare. */
export function resolveSchemes(
  facts: Facts,
  definitions: Definitions,
  fillIn: FillIn,
): Bare<Scheme>[] {
  const schemes = facts.schemes.flatMap((scheme): Bare<Scheme>[] => {
    const whole = scheme.whole === true;
    const site = scheme.site ?? scheme.file;
    const values = isVariable(scheme.value) ? fillIn(scheme.value, site) : undefined;
    if (values === undefined) return [{ ...scheme, site, whole }];
    // What the scheme is worth is said where the app declares it.
    return values.map(({ value }) => ({ ...scheme, value, site, whole }));
  });
  const passed = facts.passedSchemes.flatMap(({ file, text, offset, whole }): Bare<Scheme>[] => {
    const expression = definitions.expression(file, text, offset);
    if (expression === undefined) return [];
    const values = definitions.valuesOf(expression);
    const line = definitions.lineOf(expression);
    const end = definitions.endOf(expression).slice(0, 80);
    const open: (Place & { value: string })[] = [{ file, line, value: `\${${end}}` }];
    return (values ?? open).map((found) => ({ ...found, site: file, whole }));
  });
  return [...schemes, ...passed];
}

function unique(values: readonly Found[]): Found[] {
  return [...new Map(values.map((found) => [JSON.stringify(found), found])).values()];
}
