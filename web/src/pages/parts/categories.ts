import type { CategoryNode } from '../../api/types';
import { locale } from '../../i18n/locale';
import { TICKET_TYPES, type TicketType } from '../../i18n/ticket-words';
import { currentMe } from '../../session/session';

type Names = CategoryNode['names'];

/** A name that the organisation gave: in the reader's language, else its own, else English, else any. */
export function nameOf(names: Names): string {
  const own = currentMe().organisation.locale as keyof Names;
  return names[locale.value] ?? names[own] ?? names.en ?? Object.values(names)[0] ?? '';
}

/** Problems that stand together: the problems of one category, or those directly at a place (then without a name of their own). */
export interface ProblemGroup {
  group: CategoryNode | null;
  problems: CategoryNode[];
}

const leaves = (node: CategoryNode): CategoryNode[] => (node.children?.length ? node.children.flatMap(leaves) : [node]);

/** All problems of a place on one screen, so that one tap finds the right one however deep the tree is. */
export function problemGroups(place: CategoryNode): ProblemGroup[] {
  const children = place.children ?? [];
  const direct = children.filter((child) => !child.children?.length);
  const groups = children.filter((child) => child.children?.length);
  return [
    ...(direct.length > 0 ? [{ group: null, problems: direct }] : []),
    ...groups.map((group) => ({ group, problems: leaves(group) })),
  ];
}

/** The nodes from the place down to a problem (or another code of the tree); empty when the tree has it no longer. */
export function pathTo(nodes: readonly CategoryNode[], code: string): CategoryNode[] {
  for (const node of nodes) {
    if (node.code === code) return [node];
    const below = pathTo(node.children ?? [], code);
    if (below.length > 0) return [node, ...below];
  }
  return [];
}

/** "Kitchen, Leak": the place and the problem, for people. */
export function categoryName(nodes: readonly CategoryNode[], code: string): string {
  const path = pathTo(nodes, code);
  const ends = path.length > 1 ? [path[0], path.at(-1)] : path;
  return ends.map((node) => (node ? nameOf(node.names) : '')).join(', ');
}

/** The kinds of report that a place is offered for. */
export function typesOf(place: CategoryNode): TicketType[] {
  return place.types?.length ? place.types : (Object.keys(TICKET_TYPES) as TicketType[]);
}

/** A problem with its place in the tree, in the reader's words. */
export interface Problem {
  code: string;
  name: string;
  /** What stands above it: "Kitchen, Water and drain". */
  above: string;
  /** With its own name at the end. */
  path: string;
  types: TicketType[];
  /** What to do first. */
  hint: string;
}

/** All problems of a tree, in its order. */
export function problemsOf(nodes: readonly CategoryNode[]): Problem[] {
  return nodes.flatMap((root) => below(root, [], typesOf(root)));
}

function below(node: CategoryNode, names: string[], types: TicketType[]): Problem[] {
  const name = nameOf(node.names);
  if (node.children?.length) return node.children.flatMap((child) => below(child, [...names, name], types));
  const path = [...names, name].join(', ');
  return [{ code: node.code, name, above: names.join(', '), path, types, hint: node.hint ? nameOf(node.hint) : '' }];
}

/** The problems that are offered for a kind of report. */
export function problemsFor(nodes: readonly CategoryNode[], type: TicketType): Problem[] {
  return problemsOf(nodes).filter((problem) => problem.types.includes(type));
}

/** Problems by what stands above them, in the order of the tree. */
export function grouped(problems: readonly Problem[]): [above: string, problems: Problem[]][] {
  const found = new Map<string, Problem[]>();
  for (const problem of problems) found.set(problem.above, [...(found.get(problem.above) ?? []), problem]);
  return [...found];
}
