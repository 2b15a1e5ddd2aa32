import { lexer, type Token, type Tokens } from "marked";
import { Fragment, useMemo, type ReactNode } from "react";
import { api } from "../api/api";
import { parentOf } from "../drive/path";
import styles from "./Markdown.module.css";
import { drivePathOf, safeLink, unescaped } from "./markdown_links";

interface Props {
  text: string;
  /** Drive path of the file: images beside it are shown. */
  path: string;
}

/**
 * Markdown as React elements, token by token: no HTML is ever made from the file, so nothing in it can run. Raw HTML
 * is shown as text; images of other hosts are links, since the page fetches nothing from other hosts.
 */
export default function Markdown({ text, path }: Props) {
  const tokens = useMemo(() => lexer(text), [text]);
  return <article className={styles.article}>{blocks(tokens, parentOf(path))}</article>;
}

function blocks(tokens: readonly Token[] | undefined, folder: string): ReactNode {
  return tokens?.map((token, at) => <Fragment key={at}>{block(token, folder)}</Fragment>);
}

function block(token: Token, folder: string): ReactNode {
  switch (token.type) {
    case "heading": {
      const level = Math.min((token as Tokens.Heading).depth + 1, 6);
      const Heading = `h${level}` as "h2";
      return <Heading>{inline((token as Tokens.Heading).tokens, folder)}</Heading>;
    }
    case "paragraph":
      return <p>{inline((token as Tokens.Paragraph).tokens, folder)}</p>;
    case "text":
      return inline((token as Tokens.Text).tokens ?? [token], folder);
    case "code":
      return <pre>{(token as Tokens.Code).text}</pre>;
    case "blockquote":
      return <blockquote>{blocks((token as Tokens.Blockquote).tokens, folder)}</blockquote>;
    case "list":
      return list(token as Tokens.List, folder);
    case "table":
      return table(token as Tokens.Table, folder);
    case "hr":
      return <hr />;
    case "space":
    case "def":
      return null;
    default:
      return <p>{unescaped(token.raw)}</p>;
  }
}

function list(token: Tokens.List, folder: string): ReactNode {
  const items = token.items.map((item, at) => (
    <li key={at} className={item.task ? styles.task : undefined}>
      {item.task && <input type="checkbox" checked={item.checked ?? false} readOnly tabIndex={-1} />}
      {blocks(item.tokens, folder)}
    </li>
  ));
  return token.ordered ? <ol start={Number(token.start) || 1}>{items}</ol> : <ul>{items}</ul>;
}

function table(token: Tokens.Table, folder: string): ReactNode {
  return (
    <div className={styles.table}>
      <table>
        <thead>
          <tr>
            {token.header.map((cell, at) => (
              <th key={at}>{inline(cell.tokens, folder)}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {token.rows.map((row, at) => (
            <tr key={at}>
              {row.map((cell, column) => (
                <td key={column}>{inline(cell.tokens, folder)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function inline(tokens: readonly Token[] | undefined, folder: string): ReactNode {
  return tokens?.map((token, at) => <Fragment key={at}>{span(token, folder)}</Fragment>);
}

function span(token: Token, folder: string): ReactNode {
  switch (token.type) {
    case "strong":
      return <strong>{inline((token as Tokens.Strong).tokens, folder)}</strong>;
    case "em":
      return <em>{inline((token as Tokens.Em).tokens, folder)}</em>;
    case "del":
      return <del>{inline((token as Tokens.Del).tokens, folder)}</del>;
    case "codespan":
      return <code>{(token as Tokens.Codespan).text}</code>;
    case "br":
      return <br />;
    case "link":
      return link(token as Tokens.Link, inline((token as Tokens.Link).tokens, folder));
    case "image":
      return image(token as Tokens.Image, folder);
    case "text":
    case "escape":
      return (token as Tokens.Text).tokens ? inline((token as Tokens.Text).tokens, folder) : unescaped((token as Tokens.Text).text);
    default:
      return unescaped(token.raw);
  }
}

function link(token: Tokens.Link, words: ReactNode): ReactNode {
  const href = safeLink(token.href);
  return href ? (
    <a href={href} target="_blank" rel="noopener noreferrer">
      {words}
    </a>
  ) : (
    words
  );
}

function image(token: Tokens.Image, folder: string): ReactNode {
  const path = drivePathOf(token.href, folder);
  if (path) return <img src={api.fileUrl(path)} alt={token.text} loading="lazy" />;
  return link({ ...token, type: "link", tokens: [] } as Tokens.Link, token.text || token.href);
}
