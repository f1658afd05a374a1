import type { CategoryNode } from '../../api/types';
import { options } from '../../i18n/desk-words';
import type { Locale } from '../../i18n/languages';
import { TICKET_TYPES } from '../../i18n/ticket-words';
import { m } from '../../paraglide/messages.js';
import { Icon } from '../../ui/icon';
import { nameOf } from './categories';
import { DeadlineField, NamesFields } from './rule-fields';
import { Tick } from './select';

interface Props {
  nodes: CategoryNode[];
  own: Locale;
  level?: number;
  onChange: (nodes: CategoryNode[]) => void;
}

const DEEPEST = 2;
const MOST_ROOTS = 30;

/** A code that nothing has: tickets keep it, so it is never made of a name that may change. */
const newCode = (): string =>
  `own_${[...crypto.getRandomValues(new Uint8Array(6))].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;

/** Places, categories and problems, each opened to be changed. */
export function TreeEditor({ nodes, own, level = 0, onChange }: Props) {
  const put = (at: number, news: Partial<CategoryNode>) =>
    onChange(nodes.map((node, index) => (index === at ? { ...node, ...news } : node)));
  return (
    <ul class="tree">
      {nodes.map((node, index) => (
        <li key={node.code} data-testid="tree-node">
          <details>
            <summary>
              <Icon name="down" />
              {nameOf(node.names) || m.queue_tree_unnamed()}
            </summary>
            <div class="tree-node">
              <NamesFields names={node.names} own={own} onChange={(names) => put(index, { names })} />
              {level === 0 && (
                <fieldset class="plain-group">
                  <legend class="legend">{m.queue_tree_types()}</legend>
                  <p class="hint">{m.queue_tree_types_hint()}</p>
                  <div class="tick-list">
                    {options(TICKET_TYPES).map(({ value, label }) => (
                      <Tick
                        key={value}
                        label={label}
                        checked={(node.types ?? []).includes(value)}
                        onChange={(on) =>
                          put(index, {
                            types: on
                              ? [...(node.types ?? []), value]
                              : (node.types ?? []).filter((one) => one !== value),
                          })
                        }
                      />
                    ))}
                  </div>
                </fieldset>
              )}
              <DeadlineField
                label={m.queue_deadline()}
                value={node.deadline ?? null}
                none={m.queue_tree_deadline_above()}
                onChange={(deadline) => put(index, { deadline })}
              />
              {(node.children ?? []).length === 0 && (
                <NamesFields
                  names={node.hint ?? {}}
                  own={own}
                  label={m.queue_tree_hint()}
                  onChange={(hint) => put(index, { hint: Object.keys(hint).length > 0 ? hint : null })}
                />
              )}
              {level < DEEPEST && (
                <TreeEditor
                  nodes={node.children ?? []}
                  own={own}
                  level={level + 1}
                  onChange={(children) => put(index, { children })}
                />
              )}
              <p>
                <button
                  type="button"
                  class="button button-quiet"
                  onClick={() => onChange(nodes.filter((_, at) => at !== index))}
                >
                  {m.queue_remove()}
                  <span class="hidden"> {nameOf(node.names)}</span>
                </button>
              </p>
            </div>
          </details>
        </li>
      ))}
      {(level > 0 || nodes.length < MOST_ROOTS) && (
        <li>
          <button
            type="button"
            class="button button-quiet"
            onClick={() =>
              onChange([...nodes, { code: newCode(), names: {}, types: [], deadline: null, hint: null, children: [] }])
            }
          >
            <Icon name="plus" />
            {level === 0 ? m.queue_tree_add_place() : m.queue_tree_add()}
          </button>
        </li>
      )}
    </ul>
  );
}
