using k8s.Models;

namespace MiniKube.ApiServer.Resources.AdmissionRegistration;

internal sealed class ValidatingWebhookConfigurationStrategy : WebhookConfigurationStrategy<V1ValidatingWebhookConfiguration>;
