using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Resources.AdmissionRegistration;

/// <summary>What both kinds of webhooks have in common.</summary>
internal static class WebhookDefaults
{
    public static void Apply(JsonObject webhook)
    {
        webhook.SetDefault("failurePolicy", "Fail");
        webhook.SetDefault("matchPolicy", "Equivalent");
        webhook.GetOrAddObject("namespaceSelector");
        webhook.GetOrAddObject("objectSelector");
        webhook.SetDefault("timeoutSeconds", 10);
        webhook.ObjectAt("clientConfig", "service")?.SetDefault("port", 443);
        foreach (var rule in webhook.ObjectsAt("rules"))
        {
            rule.SetDefault("scope", "*");
        }
    }
}
