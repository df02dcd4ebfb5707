using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;

using Microsoft.Extensions.Primitives;

namespace MiniKube.ApiServer.Authentication;

/// <summary>
/// A front proxy has authenticated the client, and says in headers who it is. They are believed if the connection shows a certificate of the front proxies' authority; from
/// anybody else they mean nothing.
/// </summary>
internal sealed class RequestHeaderAuthenticator(ClientCertificates authorities, RequestHeaderOptions options, TimeProvider clock) : IAuthenticator
{
    // A connection has one certificate object: it is judged once, not for each request.
    private readonly ConditionalWeakTable<X509Certificate2, StrongBox<bool>> _judged = [];

    public ValueTask<UserInfo?> AuthenticateAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var headers = context.Request.Headers;
        var name = First(headers, options.UsernameHeaders);
        if (name.Length == 0
            || context.Connection.ClientCertificate is not { } certificate
            || !_judged.GetValue(certificate, Judge).Value
            || clock.GetUtcNow() > certificate.NotAfter)
        {
            return ValueTask.FromResult<UserInfo?>(null);
        }

        var user = new UserInfo(name, Groups(name, headers), First(headers, options.UidHeaders), Extra(headers));
        Remove(headers);
        return ValueTask.FromResult<UserInfo?>(user);
    }

    private StrongBox<bool> Judge(X509Certificate2 certificate) => new(
        authorities.Verify(certificate, clock.GetUtcNow())
        && (options.AllowedNames.Count == 0 || options.AllowedNames.Contains(CertificateAuthenticator.Read(certificate).Name)));

    private static string First(IHeaderDictionary headers, IReadOnlyList<string> names) =>
        names.SelectMany(name => headers[name]).FirstOrDefault(value => !string.IsNullOrEmpty(value)) ?? "";

    /// <summary>All that are named; whoever is somebody is authenticated, unless the proxy says otherwise.</summary>
    private List<string> Groups(string user, IHeaderDictionary headers)
    {
        List<string> groups = [.. options.GroupHeaders.SelectMany(name => headers[name]).OfType<string>()];
        if (user != UserInfo.Anonymous.Name && !groups.Contains(UserInfo.AuthenticatedGroup) && !groups.Contains(UserInfo.UnauthenticatedGroup))
        {
            groups.Add(UserInfo.AuthenticatedGroup);
        }

        return groups;
    }

    /// <summary>Keys are lower-case, and percent-encoded where a header's name cannot hold them.</summary>
    private Dictionary<string, IReadOnlyList<string>> Extra(IHeaderDictionary headers)
    {
        var extra = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var (header, prefix) in ExtraHeaders(headers))
        {
            var key = Uri.UnescapeDataString(header.Key[prefix.Length..].ToLowerInvariant());
            extra[key] = [.. extra.GetValueOrDefault(key, []), .. header.Value.OfType<string>()];
        }

        return extra;
    }

    private IEnumerable<(KeyValuePair<string, StringValues> Header, string Prefix)> ExtraHeaders(IHeaderDictionary headers) =>
        from prefix in options.ExtraHeaderPrefixes
        from header in headers
        where header.Key.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)
        select (header, prefix);

    /// <summary>They were for this server: what a request is passed on to does not see them.</summary>
    private void Remove(IHeaderDictionary headers)
    {
        string[] names =
        [
            .. options.UsernameHeaders, .. options.UidHeaders, .. options.GroupHeaders, .. ExtraHeaders(headers).Select(extra => extra.Header.Key),
        ];
        foreach (var name in names)
        {
            headers.Remove(name);
        }
    }
}
