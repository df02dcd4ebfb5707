using System.Security.Cryptography;
using System.Text;

using k8s.Models;

using MiniKube.Api.Meta;
using MiniKube.Client;

namespace MiniKube.Kubelet.Certificates;

/// <summary>Asks the cluster for a certificate by a CertificateSigningRequest, and waits until somebody has approved and signed it.</summary>
internal sealed class CertificateAsker(IObjectClient client, TimeProvider clock)
{
    // Upstream's: a request that nobody has answered by then is made anew.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <returns>The certificate and its key, as PEM texts.</returns>
    /// <exception cref="CertificateRefusedException">It was denied, could not be signed, or nobody answered.</exception>
    public async Task<(string Certificate, string Key)> AskAsync(CertificateTemplate template, CancellationToken cancellationToken)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var created = await client.CreateAsync(
            new V1CertificateSigningRequest
            {
                ApiVersion = "certificates.k8s.io/v1",
                Kind = "CertificateSigningRequest",
                Metadata = new V1ObjectMeta { GenerateName = "csr-" },
                Spec = new V1CertificateSigningRequestSpec
                {
                    Request = Encoding.ASCII.GetBytes(template.Request(key)),
                    SignerName = template.SignerName,

                    // An elliptic key enciphers nothing.
                    Usages = ["digital signature", template.Usage],
                },
            },
            cancellationToken);
        return (await WaitAsync(created.Metadata.Name, cancellationToken), key.ExportECPrivateKeyPem());
    }

    private async Task<string> WaitAsync(string name, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        while (clock.GetElapsedTime(started) < Patience)
        {
            var csr = await client.GetAsync<V1CertificateSigningRequest>(new NamespacedName("", name), cancellationToken);
            if (csr.Status?.Conditions?.FirstOrDefault(condition => condition.Type is "Denied" or "Failed") is { } refusal)
            {
                throw new CertificateRefusedException($"certificate signing request {name}: {refusal.Type}: {refusal.Reason}: {refusal.Message}");
            }

            if (csr.Status?.Certificate is { Length: > 0 } certificate)
            {
                return Encoding.ASCII.GetString(certificate);
            }

            await Task.Delay(Interval, clock, cancellationToken);
        }

        throw new CertificateRefusedException($"certificate signing request {name}: nobody has answered it");
    }
}
