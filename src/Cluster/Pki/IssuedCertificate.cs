using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.RegularExpressions;

namespace MiniKube.Cluster.Pki;

/// <summary>A certificate that a host or the user has on disk: a file NAME.crt beside NAME.key, or within a kubeconfig.</summary>
/// <param name="Host">Whose it is; the machine's own is <c>-</c>.</param>
/// <param name="Path">The file as its owner sees it.</param>
/// <param name="File">The file as the machine reaches it.</param>
/// <param name="Certificate">What is in it.</param>
public sealed partial record IssuedCertificate(string Host, string Path, string File, X509Certificate2 Certificate)
{
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";
    private const string OrganizationOid = "2.5.4.10";

    public bool IsAuthority => Certificate.Extensions.OfType<X509BasicConstraintsExtension>().Any(constraints => constraints.CertificateAuthority);

    public DateTimeOffset End => Certificate.NotAfter.ToUniversalTime();

    /// <summary>Its authority's name.</summary>
    public string Issuer => Certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: true);

    private bool IsKubeconfig => !File.EndsWith(".crt", StringComparison.Ordinal);

    /// <summary>All below a folder, in the order of their paths; what holds no certificate is left out.</summary>
    /// <param name="host">Whose they are.</param>
    /// <param name="root">What stands before the owner's paths on the machine.</param>
    /// <param name="folder">Where to look, as the owner sees it.</param>
    public static IEnumerable<IssuedCertificate> FindAll(string host, string root, string folder)
    {
        var start = root + folder;
        if (!Directory.Exists(start))
        {
            yield break;
        }

        foreach (var file in Directory.EnumerateFiles(start, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            if (System.IO.Path.GetExtension(file) is ".crt" or ".conf" && Read(host, file[root.Length..], file) is { } found)
            {
                yield return found;
            }
        }
    }

    /// <summary>Null when there is none in the file.</summary>
    public static IssuedCertificate? Read(string host, string path, string file)
    {
        try
        {
            var text = System.IO.File.ReadAllText(file);
            var pem = file.EndsWith(".crt", StringComparison.Ordinal) ? text
                : CertificateData().Match(text) is { Success: true } match ? Encoding.ASCII.GetString(Convert.FromBase64String(match.Groups[1].Value))
                : null;
            return pem is null ? null : new IssuedCertificate(host, path, file, X509Certificate2.CreateFromPem(pem));
        }
        catch (Exception exception) when (exception is CryptographicException or FormatException)
        {
            throw new ClusterException($"{file}: {exception.Message}");
        }
    }

    /// <summary>Puts another of the same names, of the same authority, and with a new key in its place.</summary>
    public void Renew(CertificateAuthority authority, DateTimeOffset now)
    {
        var pair = authority.Issue(Spec(), now);
        if (IsKubeconfig)
        {
            var text = CertificateData().Replace(System.IO.File.ReadAllText(File), $"client-certificate-data: {Encode(pair.Certificate)}");
            Write(File, KeyData().Replace(text, $"client-key-data: {Encode(pair.Key)}"));
        }
        else
        {
            Write(System.IO.Path.ChangeExtension(File, ".key"), pair.Key);
            Write(File, pair.Certificate);
        }
    }

    private CertificateSpec Spec()
    {
        var names = Certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().FirstOrDefault();
        return new CertificateSpec(Certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false))
        {
            Organizations =
            [
                .. Certificate.SubjectName.EnumerateRelativeDistinguishedNames(reversed: false)
                    .Where(part => part.GetSingleElementType().Value == OrganizationOid)
                    .Select(part => part.GetSingleElementValue() ?? ""),
            ],
            DnsNames = [.. names?.EnumerateDnsNames() ?? []],
            Addresses = [.. names?.EnumerateIPAddresses() ?? []],
            Client = Certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().Any(usages => usages.EnhancedKeyUsages[ClientAuthentication] is not null),
        };
    }

    // In place: the file's owner and mode stay, and so does a host's view of it.
    private static void Write(string file, string content)
    {
        using var stream = new FileStream(file, FileMode.Truncate, FileAccess.Write);
        stream.Write(Encoding.UTF8.GetBytes(content));
    }

    private static string Encode(string pem) => Convert.ToBase64String(Encoding.ASCII.GetBytes(pem));

    [GeneratedRegex(@"client-certificate-data: ([A-Za-z0-9+/=]+)")]
    private static partial Regex CertificateData();

    [GeneratedRegex(@"client-key-data: ([A-Za-z0-9+/=]+)")]
    private static partial Regex KeyData();
}
