const PATHS = {
  home: 'M3 11.5 12 4l9 7.5M5.5 10v9.5h4.75v-5.5h3.5v5.5h4.75V10',
  contracts: 'M6 3.5h8.5L19 8v12.5H6zM14 3.5V8.5h5M9 12.5h7M9 16h7',
  people:
    'M9 11.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 19.5c.4-3.6 3-5.5 6.5-5.5s6.1 1.9 6.5 5.5M16 5a3.2 3.2 0 0 1 0 6.2M18 14.6c2 .7 3.2 2.4 3.5 4.9',
  bank: 'M3.5 9.5 12 4.500l8.5 5zM5.5 10v7M10 10v7M14 10v7M18.5 10v7M3.5 19.500h17',
  person: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20c.5-4 3.5-6 7.5-6s7 2 7.5 6',
  info: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 11v5.500M12 7.500v.2',
  check: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM8 12.300l2.8 2.800L16 9.5',
  alert: 'M12 4 2.8 19.800h18.400zM12 10v4.500M12 17.200v.1',
  down: 'M6 9.500l6 6 6-6',
  print: 'M7 8.500V4h10v4.500M7 16.500H4v-8h16v8h-3M7 13.500h10V20H7z',
  search: 'M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM15.5 15.5 20.5 20.5',
  transfer: 'M4 8h13M13 4l4 4-4 4M20 16H7M11 12l-4 4 4 4',
  plus: 'M12 5v14M5 12h14',
  camera: 'M4 8h3.500L9 5.500h6L16.500 8H20v11H4zM12 16.500a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7z',
  report: 'M4 5h16v11.500H11l-4.500 3.500v-3.500H4zM8 9h8M8 12.500h5',
  star: 'M12 3.500l2.600 5.400 5.900.8-4.300 4.100 1 5.900L12 16.900l-5.200 2.800 1-5.900L3.500 9.700l5.900-.8z',
  lock: 'M6 11h12v9.500H6zM8.500 11V8a3.500 3.500 0 0 1 7 0v3M12 14.500v2.500',
  meter: 'M3.500 6.500h17v11h-17zM9.200 6.500v11M14.800 6.500v11M6.300 10.500v3M12 10.500v3M17.700 10.500v3',
  card: 'M3 6h18v12.500H3zM3 10h18M6.500 15h4',
  bell: 'M6 16.500V11a6 6 0 0 1 12 0v5.500l1.500 2h-15zM10 18.500a2 2 0 0 0 4 0',
  inbox: 'M4 13.500 6.500 5h11L20 13.500V19H4zM4 13.500h4.500l1.500 2.500h4l1.500-2.500H20',
} as const;

export type IconName = keyof typeof PATHS;

/** A picture beside words that say the same; never alone, so it is hidden from assistive technology. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" focusable="false">
      <path
        d={PATHS[name]}
        fill="none"
        stroke="currentColor"
        stroke-width="1.75"
        stroke-linecap="round"
        stroke-linejoin="round"
      />
    </svg>
  );
}
