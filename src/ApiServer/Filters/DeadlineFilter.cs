using MiniKube.Api.Errors;

namespace MiniKube.ApiServer.Filters;

/// <summary>Ends a request after a minute. Watches and streams are not limited here.</summary>
internal sealed class DeadlineFilter(TimeSpan limit, TimeProvider clock) : IFilter
{
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var request = ApiRequest.Of(context);
        if (request.Info.IsLongRunning)
        {
            await next(context);
            return;
        }

        using var deadline = new CancellationTokenSource(limit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, context.RequestAborted);
        request.Cancellation = either.Token;
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !context.RequestAborted.IsCancellationRequested)
        {
            throw StatusException.Timeout("request did not complete within the allotted timeout", 0);
        }
    }
}
