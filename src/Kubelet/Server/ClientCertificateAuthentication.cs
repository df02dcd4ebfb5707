using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MiniKube.Kubelet.Server;

/// <summary>Lets in who shows a client certificate of the cluster's authority. The loopback port serves health to everyone on the node, and nothing else.</summary>
internal sealed class ClientCertificateAuthentication(string? caFile, TimeProvider clock)
{
    private static readonly Oid ClientAuthentication = new("1.3.6.1.5.5.7.3.2");

    private readonly X509Certificate2Collection _authorities = Load(caFile);

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (!context.Request.IsHttps)
        {
            if (context.Request.Path.StartsWithSegments("/healthz", StringComparison.Ordinal))
            {
                await next(context);
            }
            else
            {
                context.Response.StatusCode = StatusCodes.Status404NotFound;
            }
        }
        else if (context.Connection.ClientCertificate is { } certificate && IsTrusted(certificate))
        {
            await next(context);
        }
        else
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            await context.Response.WriteAsync("Unauthorized", context.RequestAborted);
        }
    }

    private bool IsTrusted(X509Certificate2 certificate)
    {
        if (_authorities.Count == 0)
        {
            return false;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(_authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.ApplicationPolicy.Add(ClientAuthentication);
        chain.ChainPolicy.VerificationTime = clock.GetLocalNow().DateTime;
        return chain.Build(certificate);
    }

    private static X509Certificate2Collection Load(string? caFile)
    {
        var authorities = new X509Certificate2Collection();
        if (!string.IsNullOrEmpty(caFile))
        {
            authorities.ImportFromPemFile(caFile);
        }

        return authorities;
    }
}
