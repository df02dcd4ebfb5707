namespace MiniKube.Kubelet.Certificates;

/// <summary>The cluster did not give a certificate.</summary>
internal sealed class CertificateRefusedException(string message) : Exception(message);
