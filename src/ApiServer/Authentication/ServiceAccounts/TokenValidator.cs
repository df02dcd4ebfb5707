using MiniKube.ApiServer.WatchCache;

namespace MiniKube.ApiServer.Authentication.ServiceAccounts;

/// <summary>Whether what a genuine token says still holds: its time, its account, and the objects that it is bound to.</summary>
internal sealed class TokenValidator(TokenObjects objects, TimeProvider clock)
{
    /// <summary>How far clocks of servers may differ (go-jose's leeway).</summary>
    private static readonly TimeSpan Leeway = TimeSpan.FromMinutes(1);

    /// <summary>Throws <see cref="TokenException"/> with upstream's reason when something does not.</summary>
    public async ValueTask ValidateAsync(ServiceAccountClaims claims, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (now > claims.Expires + Leeway)
        {
            throw new TokenException("service account token has expired");
        }

        if (now + Leeway < claims.NotBefore || now + Leeway < claims.IssuedAt)
        {
            throw new TokenException("service account token is not valid yet");
        }

        var (ns, name) = (claims.Namespace, claims.ServiceAccount.Name);
        Check(await objects.ServiceAccountAsync(ns, name, cancellationToken), claims.ServiceAccount, now, "service account");
        if (claims.Secret is { } secret)
        {
            Check(await objects.SecretAsync(ns, secret.Name, cancellationToken), secret, now, "secret");
        }

        if (claims.Pod is { } pod)
        {
            Check(await objects.PodAsync(ns, pod.Name, cancellationToken), pod, now, "pod");
        }
        else if (claims.Node is { } node)
        {
            // Of a token that is bound to a pod the node is only told.
            Check(await objects.NodeAsync(node.Name, cancellationToken), node, now, "node");
        }
    }

    private static void Check(CachedObject? found, TokenBinding binding, DateTimeOffset now, string what)
    {
        var identity = found is null ? default : CachedIdentity.Of(found);
        if (found is null || identity.Deleted < now - Leeway)
        {
            throw new TokenException($"{what} {binding.Name} has been deleted");
        }

        if (identity.Uid != binding.Uid)
        {
            throw new TokenException($"{what} UID ({identity.Uid}) does not match claim ({binding.Uid})");
        }
    }
}
