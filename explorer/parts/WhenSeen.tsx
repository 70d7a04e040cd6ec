import { type ReactNode, Suspense, useEffect, useRef, useState } from 'react';
import { Loading } from './states';

/** Charts and what they need are loaded when somebody is about to look at them. */
export function WhenSeen({ children, height }: { children: ReactNode; height: number }) {
  const place = useRef<HTMLDivElement>(null);
  const [seen, setSeen] = useState(false);
  useEffect(() => {
    if (seen || !place.current) return;
    const observer = new IntersectionObserver((entries) => setSeen(entries.some((entry) => entry.isIntersecting)), {
      rootMargin: '200px',
    });
    observer.observe(place.current);
    return () => observer.disconnect();
  }, [seen]);
  return (
    <div ref={place} style={{ minHeight: seen ? undefined : height }}>
      {seen && <Suspense fallback={<Loading rows={4} />}>{children}</Suspense>}
    </div>
  );
}
