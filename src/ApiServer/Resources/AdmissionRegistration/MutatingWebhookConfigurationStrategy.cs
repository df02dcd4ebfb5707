using System.Text.Json.Nodes;

using k8s.Models;

using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Resources.AdmissionRegistration;

internal sealed class MutatingWebhookConfigurationStrategy : WebhookConfigurationStrategy<V1MutatingWebhookConfiguration>
{
    public override void ApplyDefaults(JsonObject obj)
    {
        base.ApplyDefaults(obj);
        foreach (var webhook in obj.ObjectsAt("webhooks"))
        {
            webhook.SetDefault("reinvocationPolicy", "Never");
        }
    }
}
