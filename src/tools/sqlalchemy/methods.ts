/** Methods that the documentation of the original calls on instances, in Python. */
const METHODS: Readonly<Record<string, string>> = {
  ApiToken: `    def is_valid(self) -> bool:
        """Whether a request with the token may be served: it was not revoked, and its time has not passed."""
        return self.active and (self.expires_at is None or self.expires_at > datetime.now(timezone.utc))`,
  S3DataLocation: `    def get_s3_credentials(self) -> dict:
        """The credentials from the variables of the environment; they are never in the database."""
        names = {
            "access_key_id": f"{self.credentials_prefix}_ACCESS_KEY_ID",
            "secret_access_key": f"{self.credentials_prefix}_SECRET_ACCESS_KEY",
        }
        missing = [name for name in names.values() if not os.environ.get(name)]
        if missing:
            raise LookupError(f"there are no credentials for the data location {self.name}: set {' and '.join(missing)}")
        return {key: os.environ[name] for key, name in names.items()}`,
};

/** The methods of a class; empty where it has none. */
export function methodsOf(name: string): string {
  return METHODS[name] ?? '';
}
