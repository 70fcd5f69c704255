export const HostNew = () => null
