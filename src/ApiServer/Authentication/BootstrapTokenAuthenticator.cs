using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Authentication.ServiceAccounts;
using MiniKube.ApiServer.Registry;

namespace MiniKube.ApiServer.Authentication;

/// <summary>
/// Tokens <c>ID.SECRET</c> by which nodes join, kept in Secrets <c>kube-system/bootstrap-token-ID</c>. They stand for the user <c>system:bootstrap:ID</c> of the group
/// system:bootstrappers and of those that the Secret adds. A token that is not good is nobody's: upstream says no more of it either.
/// </summary>
internal sealed partial class BootstrapTokenAuthenticator(TokenObjects objects, TimeProvider clock) : ITokenAuthenticator
{
    private const string SecretType = "bootstrap.kubernetes.io/token";
    private const string Group = "system:bootstrappers";

    public async ValueTask<TokenIdentity?> AuthenticateAsync(string token, IReadOnlyList<string> audiences, CancellationToken cancellationToken)
    {
        if (Token().Match(token) is not { Success: true } match)
        {
            return null;
        }

        var (id, key) = (match.Groups[1].Value, match.Groups[2].Value);
        if (await objects.SecretAsync("kube-system", $"bootstrap-token-{id}", cancellationToken) is not { } found || CachedIdentity.Of(found).Deleted is not null)
        {
            return null;
        }

        var secret = ObjectCodec.Parse(found.Json.Span);
        var isGood = secret.StringAt("type") == SecretType
            && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Value(secret, "token-secret")), Encoding.UTF8.GetBytes(key))
            && Value(secret, "token-id") == id
            && !HasEnded(Value(secret, "expiration"))
            && Value(secret, "usage-bootstrap-authentication") == "true";
        return isGood && Groups(Value(secret, "auth-extra-groups")) is { } groups
            ? new TokenIdentity(new UserInfo($"system:bootstrap:{id}", [.. groups, UserInfo.AuthenticatedGroup]), audiences)
            : null;
    }

    // Null when one of them is none that a token may give.
    private static List<string>? Groups(string extra)
    {
        var groups = extra.Length == 0 ? [] : extra.Split(',').ToList();
        return groups.TrueForAll(group => ExtraGroup().IsMatch(group)) ? [Group, .. groups.Distinct().Order(StringComparer.Ordinal)] : null;
    }

    private bool HasEnded(string expiration) =>
        expiration.Length > 0
        && (!DateTimeOffset.TryParse(expiration, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var end) || end <= clock.GetUtcNow());

    private static string Value(JsonObject secret, string key) =>
        secret.StringAt("data", key) is { } base64 ? Encoding.UTF8.GetString(Convert.FromBase64String(base64)) : "";

    [GeneratedRegex(@"\A([a-z0-9]{6})\.([a-z0-9]{16})\z")]
    private static partial Regex Token();

    [GeneratedRegex(@"\Asystem:bootstrappers:[a-z0-9:-]{0,255}[a-z0-9]\z")]
    private static partial Regex ExtraGroup();
}
