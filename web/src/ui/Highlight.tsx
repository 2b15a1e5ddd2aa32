/** Text in which the server marked matches with \u0002 … \u0003; nothing of it is read as HTML. */
export function Highlight({ text }: { text: string }) {
  const parts = text.split(/[\u0002\u0003]/);
  return (
    <>
      {parts.map((part, at) => (at % 2 === 1 ? <mark key={at}>{part}</mark> : part))}
    </>
  );
}
