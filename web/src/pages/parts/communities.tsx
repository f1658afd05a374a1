import { useState } from 'preact/hooks';
import type { Community } from '../../api/types';
import { m } from '../../paraglide/messages.js';
import { Input, Tick } from './select';
import '../../styles/desk.css';

interface Props {
  legend: string;
  communities: readonly Community[];
  chosen: string[];
  onChange: (chosen: string[]) => void;
  id: string;
  error: string | undefined;
}

/** A few communities as boxes to tick; among many one finds by a part of the name. */
export function Communities({ legend, communities, chosen, onChange, id, error }: Props) {
  const [part, setPart] = useState('');
  const many = communities.length > 8;
  const wanted = part.trim().toLocaleLowerCase();
  const shown = communities.filter(
    (one) => chosen.includes(one.community_id) || one.name.toLocaleLowerCase().includes(wanted),
  );
  return (
    <fieldset class={error ? 'plain-group field-wrong' : 'plain-group'} id={id} tabIndex={-1}>
      <legend class="legend">{legend}</legend>
      {error && <p class="field-error">{error}</p>}
      {many && <Input label={m.incident_where_find()} type="search" value={part} onInput={setPart} />}
      <div class="tick-list">
        {shown.map((one) => (
          <Tick
            key={one.community_id}
            label={one.name}
            checked={chosen.includes(one.community_id)}
            onChange={(on) =>
              onChange(on ? [...chosen, one.community_id] : chosen.filter((other) => other !== one.community_id))
            }
          />
        ))}
      </div>
    </fieldset>
  );
}
