using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;

using MiniKube.Api.Errors;

namespace MiniKube.ApiServer.Authentication;

/// <summary>
/// A client certificate: its common name is the user, its organizations are the groups. TLS takes any certificate; it is judged here, so that a bad one is
/// answered with 401 in words rather than with a broken connection.
/// </summary>
internal sealed class CertificateAuthenticator(ClientCertificates authorities, TimeProvider clock) : IAuthenticator
{
    private const string CommonName = "2.5.4.3";
    private const string Organization = "2.5.4.10";

    // A connection has one certificate object: it is judged once, not for each request.
    private readonly ConditionalWeakTable<X509Certificate2, Identity> _identities = [];

    public ValueTask<UserInfo?> AuthenticateAsync(HttpContext context, CancellationToken cancellationToken)
    {
        if (context.Connection.ClientCertificate is not { } certificate)
        {
            return ValueTask.FromResult<UserInfo?>(null);
        }

        var identity = _identities.GetValue(certificate, Identify);
        return identity.User is { } user && clock.GetUtcNow() <= identity.Expires
            ? ValueTask.FromResult<UserInfo?>(user)
            : throw StatusException.Unauthorized();
    }

    private Identity Identify(X509Certificate2 certificate)
    {
        var isGood = authorities.Verify(certificate, clock.GetUtcNow());
        var user = isGood ? Read(certificate) : null;
        return new Identity(user is { Name.Length: > 0 } ? user : null, certificate.NotAfter);
    }

    /// <summary>Whom a certificate names, whoever has signed it.</summary>
    internal static UserInfo Read(X509Certificate2 certificate)
    {
        var name = "";
        List<string> groups = [];
        foreach (var part in certificate.SubjectName.EnumerateRelativeDistinguishedNames(reversed: false))
        {
            if (part.HasMultipleElements)
            {
                continue;
            }

            switch (part.GetSingleElementType().Value)
            {
                case CommonName:
                    name = part.GetSingleElementValue() ?? "";
                    break;
                case Organization when part.GetSingleElementValue() is { } group:
                    groups.Add(group);
                    break;
            }
        }

        groups.Add(UserInfo.AuthenticatedGroup);
        return new UserInfo(name, groups);
    }

    private sealed record Identity(UserInfo? User, DateTimeOffset Expires);
}
