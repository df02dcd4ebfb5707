using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;

using k8s.Models;

using MiniKube.Api.Serialization;
using MiniKube.Kubelet.Network;

namespace MiniKube.Kubelet.Probes;

/// <summary>Calls <c>grpc.health.v1.Health/Check</c>. The message is one string field, so that HTTP/2 alone is enough to speak it.</summary>
internal sealed class GrpcProber(NodeNetwork network) : IDisposable
{
    private const string Unimplemented = "12";

    private static readonly string[] Statuses = ["UNKNOWN", "SERVING", "NOT_SERVING", "SERVICE_UNKNOWN"];

    /// <summary>The names of gRPC's codes, by their numbers, as Go writes them.</summary>
    private static readonly string[] Codes =
    [
        "OK", "Canceled", "Unknown", "InvalidArgument", "DeadlineExceeded", "NotFound", "AlreadyExists", "PermissionDenied", "ResourceExhausted",
        "FailedPrecondition", "Aborted", "OutOfRange", "Unimplemented", "Internal", "Unavailable", "DataLoss", "Unauthenticated",
    ];

    private readonly HttpClient _client = new(new SocketsHttpHandler
    {
        ConnectCallback = network.ConnectAsync,
        UseProxy = false,
        ActivityHeadersPropagator = null,
        PooledConnectionLifetime = TimeSpan.Zero,
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    public void Dispose() => _client.Dispose();

    public async Task<ProbeOutcome> ProbeAsync(V1GRPCAction action, string podIp, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var authority = podIp.Contains(':', StringComparison.Ordinal) ? $"[{podIp}]:{action.Port}" : $"{podIp}:{action.Port}";
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        try
        {
            return await CheckAsync(new Uri($"http://{authority}/grpc.health.v1.Health/Check"), action.Service ?? "", limit.Token);
        }
        catch (Exception exception) when (exception is HttpRequestException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // That nobody listens is no other answer: upstream dials again until its time is over.
            return new ProbeOutcome(false,
                $"timeout: failed to connect service \"{authority}\" within {GoDuration.Format(timeout)}: context deadline exceeded");
        }
    }

    private async Task<ProbeOutcome> CheckAsync(Uri uri, string service, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, uri)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(Encode(service)) { Headers = { ContentType = new MediaTypeHeaderValue("application/grpc") } },
        };
        request.Headers.TryAddWithoutValidation("te", "trailers");
        request.Headers.TryAddWithoutValidation("User-Agent", "kube-probe/1.34");
        using var response = await _client.SendAsync(request, cancellationToken);
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        var code = Trailer(response, "grpc-status");
        return code == "0" ? Judge(Decode(body)) : new ProbeOutcome(false, Describe(code, Uri.UnescapeDataString(Trailer(response, "grpc-message"))));
    }

    private static string Describe(string code, string message) => code == Unimplemented
        ? $"error: this server does not implement the grpc health protocol (grpc.health.v1.Health): {message}"
        : $"error: health rpc probe failed: rpc error: code = {NameOf(code)} desc = {message}";

    private static string NameOf(string code) =>
        int.TryParse(code, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number < Codes.Length ? Codes[number] : $"Code({code})" : "Unknown";

    private static ProbeOutcome Judge(int status) => status == 1
        ? new ProbeOutcome(true, "service healthy")
        : new ProbeOutcome(false, $"service unhealthy (responded with \"{(status < Statuses.Length ? Statuses[status] : status.ToString(CultureInfo.InvariantCulture))}\")");

    private static string Trailer(HttpResponseMessage response, string name) =>
        response.TrailingHeaders.TryGetValues(name, out var trailers) ? trailers.First()
        : response.Headers.TryGetValues(name, out var headers) ? headers.First()
        : "";

    /// <summary>A gRPC frame (not compressed, length) around a HealthCheckRequest: field 1, the service's name.</summary>
    private static byte[] Encode(string service)
    {
        var name = Encoding.UTF8.GetBytes(service);
        byte[] message = name.Length == 0 ? [] : [0x0a, .. VarInt(name.Length), .. name];
        var frame = new byte[5 + message.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.Length);
        message.CopyTo(frame, 5);
        return frame;
    }

    private static byte[] VarInt(int value) => value < 0x80 ? [(byte)value] : [(byte)(value | 0x80), .. VarInt(value >> 7)];

    /// <summary>HealthCheckResponse: field 1, the status; absent is 0.</summary>
    private static int Decode(byte[] body) => body.Length >= 7 && body[5] == 0x08 ? body[6] : 0;
}
