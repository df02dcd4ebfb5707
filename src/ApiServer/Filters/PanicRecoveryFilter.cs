using System.Text.Json;

using MiniKube.Api.Errors;
using MiniKube.ApiServer.Endpoints;
using MiniKube.Storage;

namespace MiniKube.ApiServer.Filters;

/// <summary>The one place where an exception becomes a Status. What nobody expected is a 500 and a line in the log; the next request is served as if nothing had been.</summary>
internal sealed partial class PanicRecoveryFilter(ILogger<PanicRecoveryFilter> logger) : IFilter
{
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client is gone: nobody to answer.
            context.Abort();
        }
        catch (Exception error)
        {
            await AnswerAsync(context, ToStatus(context, error));
        }
    }

    private StatusException ToStatus(HttpContext context, Exception error)
    {
        switch (error)
        {
            case StatusException status:
                return status;
            case StorageException storage:
                return ToStatus(storage);
            case BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge }:
                return StatusException.RequestEntityTooLarge("limit is 3145728");
            case BadHttpRequestException bad:
                return StatusException.BadRequest(bad.Message);
            case OperationCanceledException:
                return StatusException.Timeout("request did not complete within the allotted timeout", 0);
            default:
                Log.Panic(logger, error, context.Request.Method, context.Request.Path.Value ?? "");
                return StatusException.InternalError(error is JsonException ? "a stored object could not be read" : "the server met an unexpected condition");
        }
    }

    private static StatusException ToStatus(StorageException error) => error.Kind switch
    {
        StorageErrorKind.Compacted => StatusException.Expired("The resourceVersion for the provided list is too old."),
        StorageErrorKind.FutureRevision => StatusException.Timeout(error.Message, 1),
        StorageErrorKind.TooLarge => StatusException.RequestEntityTooLarge("etcdserver: request is too large"),
        StorageErrorKind.Unavailable => StatusException.ServiceUnavailable(error.Message),
        StorageErrorKind.Unknown => StatusException.Timeout(error.Message, 1),
        // In etcd's words, which administrators look for, whatever the store.
        StorageErrorKind.NoSpace => StatusException.Unclassified("etcdserver: mvcc: database space exceeded"),
        _ => StatusException.InternalError(error.Message),
    };

    private static async Task AnswerAsync(HttpContext context, StatusException error)
    {
        if (context.Response.HasStarted)
        {
            // Half an answer cannot be taken back: the client must see that it is not whole.
            context.Abort();
            return;
        }

        var request = context.Features.Get<ApiRequest>() ?? new ApiRequest(context, new RequestInfo { Path = "", Verb = "" });
        request.Cancellation = context.RequestAborted;
        request.Failure = error.Status;
        if (error.Status.Details?.RetryAfterSeconds is > 0 and var seconds)
        {
            context.Response.Headers.RetryAfter = $"{seconds}";
        }

        await Answer.WriteStatusAsync(request, error.Status);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed unexpectedly")]
        public static partial void Panic(ILogger logger, Exception exception, string method, string path);
    }
}
