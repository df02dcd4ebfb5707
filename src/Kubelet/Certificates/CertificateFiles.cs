using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MiniKube.Kubelet.Certificates;

/// <summary>
/// The kubelet's certificates on disk, as upstream keeps them: each with its key in a file of its own, named after the time it came, and a link NAME-current.pem to the newest.
/// </summary>
/// <param name="folder">Flag: --cert-dir.</param>
/// <param name="name">kubelet-client or kubelet-server.</param>
internal sealed class CertificateFiles(string folder, string name)
{
    public string Current { get; } = Path.Combine(folder, $"{name}-current.pem");

    /// <summary>Null if there is none, or none that can be read: then another is asked for.</summary>
    public X509Certificate2? Load()
    {
        if (!File.Exists(Current))
        {
            return null;
        }

        try
        {
            return X509Certificate2.CreateFromPemFile(Current, Current);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    /// <summary>Keeps them, and makes the link point to them in one step.</summary>
    public X509Certificate2 Save(string certificatePem, string keyPem, DateTimeOffset now)
    {
        var certificate = X509Certificate2.CreateFromPem(certificatePem, keyPem);
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var file = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{name}-{now:yyyy-MM-dd-HH-mm-ss}.pem"));
        var only = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite };
        using (var writer = new StreamWriter(file, only))
        {
            writer.Write(certificatePem.TrimEnd() + "\n" + keyPem.TrimEnd() + "\n");
        }

        var link = Path.Combine(folder, $"{name}-updated.pem");
        File.Delete(link);
        File.CreateSymbolicLink(link, file);
        File.Move(link, Current, overwrite: true);
        return certificate;
    }
}
