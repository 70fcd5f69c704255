import { useEffect, useState } from 'react'

/** `value` once it has rested for `ms`: what checks while typing wait for. */
export function useDebounced<T>(value: T, ms = 400): T {
  const [rested, setRested] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), ms)
    return () => clearTimeout(timer)
  }, [value, ms])
  return rested
}
