using System.Text;

namespace MiniKube.ApiServer.Authentication;

/// <summary><c>--token-auth-file</c>: lines of token, user, uid and, in quotes, comma-separated groups. Read once, at start, as upstream.</summary>
internal sealed class TokenFileAuthenticator : ITokenAuthenticator
{
    private readonly Dictionary<string, UserInfo> _users = new(StringComparer.Ordinal);

    public TokenFileAuthenticator(IEnumerable<string> lines)
    {
        foreach (var line in lines.Where(line => line.Trim().Length > 0 && !line.StartsWith('#')))
        {
            var fields = Split(line);
            if (fields.Count < 3)
            {
                throw new FormatException("token file line must have at least 3 columns (token, user name, user uid), found " + fields.Count);
            }

            var groups = fields.Count > 3 ? fields[3].Split(',', StringSplitOptions.RemoveEmptyEntries) : [];
            var user = new UserInfo(fields[1], [.. groups, UserInfo.AuthenticatedGroup]) { Uid = fields[2] };
            if (fields[0].Length > 0)
            {
                _users[fields[0]] = user;
            }
        }
    }

    public ValueTask<TokenIdentity?> AuthenticateAsync(string token, IReadOnlyList<string> audiences, CancellationToken cancellationToken) =>
        ValueTask.FromResult(_users.TryGetValue(token, out var user) ? new TokenIdentity(user, audiences) : null);

    /// <summary>One line of CSV: quotes around a field, doubled inside of it.</summary>
    private static List<string> Split(string line)
    {
        var fields = new List<string>();
        var field = new StringBuilder();
        var quoted = false;
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] == '"' && quoted && i + 1 < line.Length && line[i + 1] == '"')
            {
                field.Append(line[i++]);
            }
            else if (line[i] == '"')
            {
                quoted = !quoted;
            }
            else if (line[i] == ',' && !quoted)
            {
                fields.Add(field.ToString().Trim());
                field.Clear();
            }
            else
            {
                field.Append(line[i]);
            }
        }

        return [.. fields, field.ToString().Trim()];
    }
}
