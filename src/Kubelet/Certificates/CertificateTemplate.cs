using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

using MiniKube.Api.Addresses;
using MiniKube.Kubelet.Node;

namespace MiniKube.Kubelet.Certificates;

/// <summary>What a kubelet asks a certificate for.</summary>
/// <param name="SignerName">Who is to sign.</param>
/// <param name="NodeName">For whom: the user system:node:NAME of the group system:nodes.</param>
/// <param name="Usage">client auth or server auth.</param>
/// <param name="Names">The names and addresses it serves at; none for a client.</param>
internal sealed record CertificateTemplate(string SignerName, string NodeName, string Usage, IReadOnlyList<string> Names)
{
    public static CertificateTemplate Client(string node) => new("kubernetes.io/kube-apiserver-client-kubelet", node, "client auth", []);

    public static CertificateTemplate Server(NodeAgentOptions options) =>
        new("kubernetes.io/kubelet-serving", options.NodeName, "server auth", [options.NodeName, options.NodeIp]);

    /// <summary>A PKCS #10 request in PEM.</summary>
    public string Request(ECDsa key)
    {
        var subject = new X500DistinguishedNameBuilder();
        subject.AddOrganizationName("system:nodes");
        subject.AddCommonName($"system:node:{NodeName}");
        var request = new CertificateRequest(subject.Build(), key, HashAlgorithmName.SHA256);
        if (Names.Count > 0)
        {
            var names = new SubjectAlternativeNameBuilder();
            foreach (var name in Names)
            {
                if (AddressText.TryParse(name, out var address))
                {
                    names.AddIpAddress(address);
                }
                else
                {
                    names.AddDnsName(name);
                }
            }

            request.CertificateExtensions.Add(names.Build());
        }

        return request.CreateSigningRequestPem();
    }

    /// <summary>Whether a certificate is for all of these names.</summary>
    public bool IsMetBy(X509Certificate2 certificate)
    {
        var names = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().FirstOrDefault();
        var there = names is null ? [] : names.EnumerateDnsNames().Concat(names.EnumerateIPAddresses().Select(address => address.ToString())).ToHashSet();
        return Names.All(there.Contains) && certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false) == $"system:node:{NodeName}";
    }
}
