// A stand-in for https://js.stripe.com: the part of Stripe.js that a shop with the Payment Element needs.
// A classic script, as the real one is; it sets window.Stripe and loads the rest when it is needed.
;(() => {
  const base = new URL('stripe/', document.currentScript.src)
  const part = (name) => import(new URL(name, base).href)
  const insides = new WeakMap() // of each Elements group: what a page can't read

  class IntegrationError extends Error {
    name = 'IntegrationError'
  }

  function Stripe(key) {
    if (typeof key !== 'string' || !key.startsWith('pk_')) {
      throw new IntegrationError(
        'Please call Stripe() with your publishable key. You used an empty or another key.',
      )
    }
    const call = async (name, ...args) => (await part('payments.js'))[name](key, ...args)
    return {
      elements: (options = {}) => elements(key, options),
      /** Doesn't reject for errors of the bank or the network: those are in `error`. */
      confirmPayment: async (options) => {
        const { confirmParams = {}, redirect = 'always' } = options
        if (redirect !== 'if_required' && !confirmParams.return_url) {
          throw new IntegrationError('stripe.confirmPayment(): confirmParams.return_url is required.')
        }
        const inside = insides.get(options.elements)
        const clientSecret = options.clientSecret ?? inside?.clientSecret
        checkSecret('stripe.confirmPayment()', clientSecret)
        const form = inside && (await inside.mounted())
        return call('confirmPayment', { clientSecret, form, confirmParams, redirect })
      },
      retrievePaymentIntent: async (clientSecret) => {
        checkSecret('stripe.retrievePaymentIntent()', clientSecret)
        return call('retrievePaymentIntent', clientSecret)
      },
      handleNextAction: async ({ clientSecret }) => {
        checkSecret('stripe.handleNextAction()', clientSecret)
        return call('handleNextAction', clientSecret)
      },
    }
  }

  function checkSecret(where, clientSecret) {
    if (!/^pi_\w+_secret_\w+$/.test(clientSecret ?? '')) {
      throw new IntegrationError(
        `Invalid value for ${where}: clientSecret should be a client secret of the form \${id}_secret_\${secret}.`,
      )
    }
  }

  function elements(key, options) {
    checkSecret('elements()', options.clientSecret)
    let element = null
    let { appearance } = options
    const updated = new Set()
    const mounted = async () => {
      const form = await element?.form()
      if (!form) throw new IntegrationError('Create and mount a Payment Element, and wait until it is ready.')
      return form
    }
    const group = {
      create(type, elementOptions = {}) {
        if (type !== 'payment') throw new IntegrationError(`This stand-in has no Element of type ${type}.`)
        if (element) {
          throw new IntegrationError('Can only create one Element of type payment through an Elements group.')
        }
        const context = { key, clientSecret: options.clientSecret, appearance: () => appearance }
        element = paymentElement(context, elementOptions, () => {
          element = null
        })
        return element.surface
      },
      getElement: (type) => (type === 'payment' && element ? element.surface : null),
      async update(changes) {
        appearance = changes.appearance ?? appearance
        await element?.restyle()
        for (const handler of updated) handler()
      },
      on: (event, handler) => event === 'update-end' && updated.add(handler),
      fetchUpdates: async () => ({}),
      async submit() {
        const error = (await mounted()).validate()
        return error ? { error } : { selectedPaymentMethod: 'card' }
      },
    }
    insides.set(group, { clientSecret: options.clientSecret, mounted })
    return group
  }

  function paymentElement(context, options, forget) {
    const handlers = new Map()
    let host = null
    let form = null // a promise of what is mounted; null if it could not load
    let destroyed = false

    const emit = (event, detail = {}) => {
      for (const handler of [...(handlers.get(event) ?? [])]) handler({ elementType: 'payment', ...detail })
    }
    const on = (event, handler) => {
      handlers.set(event, (handlers.get(event) ?? new Set()).add(handler))
      return surface
    }
    const mounted = (action) => {
      form?.then((it) => it && action(it))
      return surface
    }
    const surface = {
      mount(where) {
        if (destroyed) {
          throw new IntegrationError('This Element has already been destroyed. Please create a new one.')
        }
        const target = typeof where === 'string' ? document.querySelector(where) : where
        if (!target) {
          throw new IntegrationError(`The selector you specified (${where}) applies to no DOM elements.`)
        }
        surface.unmount()
        const container = document.createElement('div')
        target.replaceChildren(container)
        host = container
        form = part('form.js')
          .then(({ cardForm }) => cardForm({ ...context, host: container, options, emit }))
          .catch((error) => {
            emit('loaderror', { error: { type: 'api_connection_error', message: error.message } })
            return null
          })
      },
      unmount() {
        host?.remove()
        host = form = null
      },
      destroy() {
        surface.unmount()
        destroyed = true
        forget()
      },
      update: (changes) => {
        Object.assign(options, changes)
        return mounted((it) => it.setReadOnly(Boolean(options.readOnly)))
      },
      on,
      once(event, handler) {
        const first = (detail) => {
          surface.off(event, first)
          handler(detail)
        }
        return on(event, first)
      },
      off(event, handler) {
        if (handler) handlers.get(event)?.delete(handler)
        else handlers.delete(event)
        return surface
      },
      focus: () => mounted((it) => it.focus()),
      blur: () => mounted((it) => it.blur()),
      clear: () => mounted((it) => it.clear()),
      collapse: () => surface,
    }
    return { surface, form: () => form, restyle: async () => (await form)?.restyle() }
  }

  window.Stripe = Stripe
})()
