using System.Text;

using k8s.Models;

using MiniKube.Api.Certificates;
using MiniKube.Api.Meta;

namespace MiniKube.ControllerManager.Certificates;

/// <summary>What has been said of a CertificateSigningRequest.</summary>
internal static class RequestConditions
{
    public const string Approved = "Approved";
    public const string Denied = "Denied";
    public const string Failed = "Failed";

    public static bool Has(this V1CertificateSigningRequest csr, string type) =>
        csr.Status?.Conditions?.Any(condition => condition.Type == type && condition.Status == "True") == true;

    public static bool IsIssued(this V1CertificateSigningRequest csr) => csr.Status?.Certificate is { Length: > 0 };

    /// <exception cref="System.Security.Cryptography.CryptographicException">What is asked for cannot be read.</exception>
    public static SigningRequest Parse(this V1CertificateSigningRequest csr) => SigningRequest.Read(Encoding.UTF8.GetString(csr.Spec.Request));

    /// <summary>The request with one more condition.</summary>
    public static V1CertificateSigningRequest With(this V1CertificateSigningRequest csr, string type, string reason, string message, TimeProvider clock)
    {
        var condition = new V1CertificateSigningRequestCondition
        {
            Type = type,
            Status = "True",
            Reason = reason,
            Message = message,
            LastUpdateTime = clock.GetKubernetesNow(),
        };
        var status = csr.Status ?? new V1CertificateSigningRequestStatus();
        return csr with { Status = status with { Conditions = [.. status.Conditions ?? [], condition] } };
    }
}
