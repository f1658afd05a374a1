/** Countries to choose from for a postal address (ISO 3166-1): Europe; their names come from the browser. */
export const COUNTRIES: readonly string[] =
  'AL AD AT BY BE BA BG HR CY CZ DK EE FI FR GE DE GI GR GG HU IS IE IM IT JE LV LI LT LU MT MD MC ME NL MK NO PL PT RO SM RS SK SI ES SE CH TR UA GB VA CA US'.split(
    ' ',
  );
