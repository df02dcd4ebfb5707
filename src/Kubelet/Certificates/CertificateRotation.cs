using System.Security.Cryptography;

using MiniKube.Api.Errors;
using MiniKube.Client;

namespace MiniKube.Kubelet.Certificates;

/// <summary>Keeps one certificate of the kubelet good: asks for the first, and for the next before one ends.</summary>
internal sealed partial class CertificateRotation(
    CertificateTemplate template, CertificateFiles files, RotatingCertificate certificate, CertificateAsker asker, TimeProvider clock, Random random, ILogger<CertificateRotation> logger)
    : BackgroundService
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LastRetry = TimeSpan.FromSeconds(64);

    // A timer takes no more than some weeks.
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    /// <summary>Tries until there is another.</summary>
    public async Task ReplaceAsync(CancellationToken cancellationToken)
    {
        for (var pause = FirstRetry; ; pause = pause < LastRetry ? pause * 2 : pause)
        {
            try
            {
                var (pem, key) = await asker.AskAsync(template, cancellationToken);
                certificate.Replace(files.Save(pem, key, clock.GetUtcNow()));
                Log.Replaced(logger, template.SignerName);
                return;
            }
            catch (Exception exception) when (
                exception is CertificateRefusedException or StatusException or HttpRequestException or CryptographicException or IOException
                && !cancellationToken.IsCancellationRequested)
            {
                Log.Failed(logger, template.SignerName, exception.Message);
                await Task.Delay(pause, clock, cancellationToken);
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await WaitForDeadlineAsync(stoppingToken);
            await ReplaceAsync(stoppingToken);
        }
    }

    private async Task WaitForDeadlineAsync(CancellationToken cancellationToken)
    {
        if (certificate.Current is not { } current || !template.IsMetBy(current))
        {
            return;
        }

        var deadline = RotationSchedule.Deadline(Utc(current.NotBefore), Utc(current.NotAfter), random);
        Log.Waiting(logger, template.SignerName, deadline);
        while (deadline - clock.GetUtcNow() is var left && left > TimeSpan.Zero)
        {
            await Task.Delay(left < LongestWait ? left : LongestWait, clock, cancellationToken);
        }
    }

    private static DateTimeOffset Utc(DateTime time) => time.ToUniversalTime();

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "The certificate of {Signer} is replaced at {Deadline}")]
        public static partial void Waiting(ILogger logger, string signer, DateTimeOffset deadline);

        [LoggerMessage(LogLevel.Information, "Got a new certificate of {Signer}")]
        public static partial void Replaced(ILogger logger, string signer);

        [LoggerMessage(LogLevel.Warning, "No new certificate of {Signer}, trying again: {Reason}")]
        public static partial void Failed(ILogger logger, string signer, string reason);
    }
}
