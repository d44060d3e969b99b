/** A statement with its values, or rows for a COPY. Apart from what sends it, so that declarations name no driver. */
export interface Sent {
  readonly text: string;
  readonly values?: readonly unknown[];
  /** Under which name the server keeps the statement; it is then parsed once per connection. */
  readonly name?: string;
  /** `array` for rows as arrays; otherwise they are objects. */
  readonly rowMode?: 'array';
  /** The lines of a `COPY … FROM STDIN`, any number of them in one piece. */
  readonly lines?: Iterable<string>;
}
