using System.Security.Cryptography.X509Certificates;

namespace MiniKube.ApiServer.Authentication;

/// <summary>The authorities whose certificates are users (<c>--client-ca-file</c>).</summary>
internal sealed class ClientCertificates(X509Certificate2Collection authorities)
{
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    public static ClientCertificates Load(string? file)
    {
        var authorities = new X509Certificate2Collection();
        if (file is not null)
        {
            authorities.ImportFromPemFile(file);
        }

        return new ClientCertificates(authorities);
    }

    /// <summary>Whether one of the authorities stands for the certificate now.</summary>
    public bool Verify(X509Certificate2 certificate, DateTimeOffset now)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.ApplicationPolicy.Add(new System.Security.Cryptography.Oid(ClientAuthentication));
        chain.ChainPolicy.VerificationTime = now.LocalDateTime;
        return authorities.Count > 0 && chain.Build(certificate);
    }
}
