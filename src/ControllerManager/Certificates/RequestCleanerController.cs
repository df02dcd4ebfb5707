using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Meta;
using MiniKube.Client;
using MiniKube.Client.Controllers;
using MiniKube.Client.Informers;

namespace MiniKube.ControllerManager.Certificates;

/// <summary>Deletes requests that have served: an hour after they were answered, a day after nobody answered, and when what was issued has ended.</summary>
internal sealed class RequestCleanerController(IObjectClient client, ILister<V1CertificateSigningRequest> requests, TimeProvider clock) : IController
{
    // Upstream's times. It looks once an hour; here each request has its alarm.
    private static readonly TimeSpan Answered = TimeSpan.FromHours(1);
    private static readonly TimeSpan Unanswered = TimeSpan.FromHours(24);

    public string Name => "certificatesigningrequest-cleaner-controller";

    public void Configure(ControllerBuilder controller) => controller.For<V1CertificateSigningRequest>();

    public async Task<ReconcileResult> ReconcileAsync(NamespacedName key, CancellationToken cancellationToken)
    {
        if (!requests.TryGet(key, out var csr) || End(csr) is not { } end)
        {
            return ReconcileResult.Done;
        }

        var left = end - clock.GetUtcNow();
        if (left >= TimeSpan.Zero)
        {
            return new ReconcileResult(left + TimeSpan.FromSeconds(1));
        }

        try
        {
            await client.DeleteAsync<V1CertificateSigningRequest>(
                key, new V1DeleteOptions { Preconditions = new V1Preconditions { Uid = csr.Metadata.Uid } }, cancellationToken);
        }
        catch (StatusException exception) when (exception.Code is 404 or 409)
        {
            // Gone, or another of its name.
        }

        return ReconcileResult.Done;
    }

    /// <summary>After what time the request is to go; null if it stays.</summary>
    public static DateTimeOffset? End(V1CertificateSigningRequest csr)
    {
        var conditions = csr.Status?.Conditions ?? [];
        if (conditions.Count == 0)
        {
            return After(csr.Metadata.CreationTimestamp, Unanswered);
        }

        var ends = conditions
            .Where(condition => condition.Type is RequestConditions.Denied or RequestConditions.Failed || (condition.Type == RequestConditions.Approved && csr.IsIssued()))
            .Select(condition => After(condition.LastUpdateTime, Answered));
        return (csr.IsIssued() ? ends.Append(CertificateEnd(csr.Status?.Certificate ?? [])) : ends).Min();
    }

    private static DateTimeOffset? After(DateTime? time, TimeSpan span) => time is { } from ? new DateTimeOffset(from.ToUniversalTime()) + span : null;

    // What cannot be read has no end of its own.
    private static DateTimeOffset? CertificateEnd(byte[] pem)
    {
        try
        {
            using var certificate = X509Certificate2.CreateFromPem(Encoding.ASCII.GetString(pem));
            return certificate.NotAfter.ToUniversalTime();
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
