using MiniKube.ApiServer.FlowControl;

namespace MiniKube.ApiServer.Filters;

/// <summary>Tells the client by which FlowSchema and priority level its request was judged. As upstream, all requests but streams are.</summary>
internal sealed class FlowControlFilter(FlowClassifier classifier) : IFilter
{
    private const string SchemaHeader = "X-Kubernetes-Pf-Flowschema-Uid";
    private const string LevelHeader = "X-Kubernetes-Pf-Prioritylevel-Uid";

    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var request = ApiRequest.Of(context);
        if ((!request.Info.IsLongRunning || request.Info.Verb == "watch") && classifier.Find(request.User, request.Info) is { } found)
        {
            context.Response.Headers[SchemaHeader] = found.SchemaUid;
            context.Response.Headers[LevelHeader] = found.LevelUid;
        }

        return next(context);
    }
}
