using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

using k8s.Models;

namespace MiniKube.ControllerManager.Tests.Certificates;

/// <summary>A key and the CertificateSigningRequest for it, as a kubelet or a person makes them.</summary>
internal sealed class TestRequest : IDisposable
{
    public const string KubeletClient = "kubernetes.io/kube-apiserver-client-kubelet";
    public const string KubeletServing = "kubernetes.io/kubelet-serving";

    private readonly RSA? _rsa;
    private readonly ECDsa? _ecdsa;
    private readonly CertificateRequest _request;

    public TestRequest(string subject, bool rsa = false)
    {
        if (rsa)
        {
            _rsa = RSA.Create(2048);
            _request = new CertificateRequest(subject, _rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        }
        else
        {
            _ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            _request = new CertificateRequest(subject, _ecdsa, HashAlgorithmName.SHA256);
        }
    }

    public string KeyPem => _rsa?.ExportPkcs8PrivateKeyPem() ?? _ecdsa?.ExportPkcs8PrivateKeyPem() ?? "";

    public TestRequest WithNames(string? dns, string? address, string? email = null)
    {
        var names = new SubjectAlternativeNameBuilder();
        if (dns is not null)
        {
            names.AddDnsName(dns);
        }

        if (address is not null)
        {
            names.AddIpAddress(IPAddress.Parse(address));
        }

        if (email is not null)
        {
            names.AddEmailAddress(email);
        }

        _request.CertificateExtensions.Add(names.Build());
        return this;
    }

    public V1CertificateSigningRequest ToObject(string name, string signer, params string[] usages) => new()
    {
        ApiVersion = "certificates.k8s.io/v1",
        Kind = "CertificateSigningRequest",
        Metadata = new V1ObjectMeta { Name = name },
        Spec = new V1CertificateSigningRequestSpec
        {
            Request = Encoding.ASCII.GetBytes(_request.CreateSigningRequestPem()),
            SignerName = signer,
            Usages = [.. usages],
        },
    };

    public void Dispose()
    {
        _rsa?.Dispose();
        _ecdsa?.Dispose();
    }
}
