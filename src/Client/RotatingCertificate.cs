using System.Security.Cryptography.X509Certificates;

namespace MiniKube.Client;

/// <summary>A certificate with its key that may be replaced while it is used. Those before it are left to the collector: connections may still hold them.</summary>
public sealed class RotatingCertificate
{
    private volatile X509Certificate2? _current;

    /// <summary>After another certificate has taken its place.</summary>
    public event Action? Replaced;

    /// <summary>Null until there is one.</summary>
    public X509Certificate2? Current => _current;

    public void Replace(X509Certificate2 certificate)
    {
        _current = certificate;
        Replaced?.Invoke();
    }
}
