import { eventAt } from '@pasar/shared/testing/bus-contract'
import { describe, expect, it } from 'vitest'
import { beginLife } from './life.ts'
import { openPost } from './post.ts'

describe('the post between processes', () => {
  it('says of an event that it is not handed over as long as whoever heeds it cannot take it', async () => {
    const post = openPost()
    let isAble = false
    const take = async () => {
      if (!isAble) throw new Error('not now')
    }
    post.consume(beginLife('products'), { group: 'products', domains: ['orders'] }, take)
    post.consume(beginLife('carts'), { group: 'carts', domains: ['products'] }, take)
    post.publish('orders', [eventAt(7)])
    expect(post.undelivered()).toEqual(['OrderShipped orders:7 is not handed to products'])
    expect(await post.deliver()).toBe(0)
    expect(post.undelivered()).toHaveLength(1)
    isAble = true
    expect(await post.deliver()).toBe(1)
    expect(post.undelivered()).toEqual([])
  })
})
